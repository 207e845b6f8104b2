"""Counters for Prometheus on a port of their own (SANDTABLE_METRICS_PORT) that only this machine reaches: how many runs of which
page took how long, what failed, how the server answered. Without the setting nothing is imported and nothing is counted.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING

from model.late import Late

if TYPE_CHECKING:
    import prometheus_client
else:
    prometheus_client = Late("prometheus_client")
#: seconds of a run of a page, up to which a bucket counts
_BUCKETS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Counters:
    """What is counted, in a registry of its own: a test makes another."""

    def __init__(self) -> None:
        self.registry = prometheus_client.CollectorRegistry()
        counter = partial(prometheus_client.Counter, registry=self.registry)
        self.runs = prometheus_client.Histogram("sandtable_run_seconds", "Runs of a page's script", ["page"],
                                                buckets=_BUCKETS, registry=self.registry)
        self.failures = counter("sandtable_failures", "Runs of a page that failed", ["page", "kind"])
        self.answers = counter("sandtable_answers", "Answers of the server by class of status", ["status"])

    def serve(self, port: int) -> int:
        """On the loopback address; the port that was taken."""
        server, _ = prometheus_client.start_http_server(port, addr="127.0.0.1", registry=self.registry)
        return server.server_port


@cache
def ours() -> Counters | None:
    """This process's, served from the first time on; None where nobody asks for them."""
    port = os.environ.get("SANDTABLE_METRICS_PORT", "")
    if not port.isdecimal():
        return None
    counters = Counters()
    counters.serve(int(port))
    return counters


@contextmanager
def run_of(page: str) -> Iterator[None]:
    """A run of a page's script. What ends it early by Streamlit's own doing (another press, a stop) is no failure."""
    counters = ours()
    if counters is None:
        yield
        return
    began = time.perf_counter()
    try:
        yield
    except Exception as error:
        counters.failures.labels(page, type(error).__name__).inc()
        raise
    finally:
        counters.runs.labels(page).observe(time.perf_counter() - began)


def answered(status: int) -> None:
    if counters := ours():
        counters.answers.labels(f"{status // 100}xx").inc()
