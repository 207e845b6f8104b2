"""Work that takes longer than a moment: in a thread of its own, with progress, a way to stop it, and what it found kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import streamlit as st

from pages.ui.kit.texts import t

#: work(progress, stop): calls progress(done, all) as it goes, looks at stop() and then returns what it has
Work = Callable[[Callable[[int, int], None], Callable[[], bool]], Any]
#: seconds between two looks at the progress
LOOK = 0.4
#: stands in the session while a page is drawn anew because work is done, not because the reader did something
DRAWN_AGAIN = "_drawn_again"
_pool = ThreadPoolExecutor(2, thread_name_prefix="jobs")


@dataclass
class Job:
    """One piece of work. of: what it is about, to tell whether its result still fits the page."""

    of: Any
    done: int = 0
    total: int = 1
    halt: Event = field(default_factory=Event)
    future: Future | None = None

    def progress(self, done: int, total: int) -> None:
        self.done, self.total = done, max(total, 1)

    @property
    def finished(self) -> bool:
        return self.future is not None and self.future.done()


def start(key: str, of: object, work: Work) -> Job:
    """Begin; an older job of this key is told to stop."""
    stop(key)
    job = Job(of)
    job.future = _pool.submit(work, job.progress, job.halt.is_set)
    st.session_state[f"_job_{key}"] = job
    return job


def current(key: str) -> Job | None:
    return st.session_state.get(f"_job_{key}")


def stop(key: str) -> None:
    job = current(key)
    if job is not None:
        job.halt.set()


def forget(key: str) -> None:
    """Stop it, and keep nothing of what it found."""
    stop(key)
    st.session_state.pop(f"_job_{key}", None)


def result(key: str, of: object) -> Any:
    """What a finished job about `of` found, None where there is none; raises what its work raised."""
    job = current(key)
    if job is None or job.future is None or not job.finished or job.of != of:
        return None
    return job.future.result()


def running(key: str, of: object) -> bool:
    job = current(key)
    return job is not None and job.of == of and not job.finished


def watch(key: str, label: str) -> None:
    """Progress and the button that stops; the page is drawn anew when the work is done."""
    @st.fragment(run_every=LOOK)
    def look() -> None:
        job = current(key)
        if job is None or job.finished:
            st.session_state[DRAWN_AGAIN] = True
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(min(1.0, job.done / job.total), text=f"{label} {100 * job.done // job.total}%")
            st.button(t("jobs.stop"), key=f"stop_{key}", icon=":material/stop_circle:", on_click=stop, args=(key,),
                      help=t("jobs.stop_help"))

    look()
