"""The work that follows from a plan's drivers: livestreams with creators from slot fees, messages from the private domain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.engine.cohorts import Segments
from model.engine.evaluate import Result
from model.plan import drivers as d
from model.plan import work as wo

SESSIONS, MESSAGES = "sessions", "messages"


@dataclass(frozen=True, slots=True)
class Followed:
    """Work of a channel. kind: SESSIONS (livestreams) or MESSAGES (sent); months: how many by month (M,).

    drivers: the numbers that it follows from, by address.
    """

    kind: str
    channel: str
    months: np.ndarray
    drivers: tuple[str, ...]

    @property
    def a_month(self) -> float:
        return float(self.months.mean())


def work_of(result: Result) -> tuple[Followed, ...]:
    """What the plan's channels give to do: sessions where slots are paid for, messages where members are written to."""
    out = []
    for i, (key, row) in enumerate((c, result.scenario.rows[d.CHANNEL][c]) for c in result.channels):
        sessions = result.by_channel["sessions"][i, :, 0]
        if row["kind"] == d.PAID and sessions.any():
            fields = ("slot_share", "slot_fee")
            out.append(Followed(SESSIONS, key, sessions, tuple(f"channel.{key}.{f}" for f in fields)))
        if row["kind"] == d.OWNED:
            sent = result.by_channel["impressions"][i, :, 0]
            out.append(Followed(MESSAGES, key, sent, (f"channel.{key}.frequency",)))
    return tuple(out)


def reached(found: Segments) -> dict[str, float]:
    """Members whom an offer for each segment meets, at the end of an average month of the plan."""
    return {segment: float(getattr(found, segment).mean()) for segment in wo.SEGMENTS}
