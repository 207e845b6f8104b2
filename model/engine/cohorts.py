"""Do they come back? Every month's new customers followed apart through the ladder, with its own chances.

The ladder says when people order; here the trailing axis, which elsewhere carries draws, carries cohorts: who was there
before the plan first, then the new customers of each month. Added up, cohorts are the ladder again (a test holds it).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.engine import ladder
from model.engine.evaluate import Result


@dataclass(frozen=True, slots=True)
class Cohorts:
    """By cohort (row 0 who was there before the plan, row 1 + m the new customers of month m) and month of the plan.

    size: (M + 1,). orders: repeat and woken orders. again: people who ordered again since, of those who were new.
    people, members, active: at the end of the month; active are members whose last order is at most 3 months ago.
    Zero before a cohort's first month.
    """

    size: np.ndarray
    orders: np.ndarray
    again: np.ndarray
    people: np.ndarray
    members: np.ndarray
    active: np.ndarray

    @property
    def again_rate(self) -> np.ndarray:
        """Share of each month's new customers who have ordered again, by months since: (M, M), nan beyond the plan."""
        months = len(self.size) - 1
        out = np.full((months, months), np.nan)
        for m in range(months):
            if self.size[m + 1] > 0:
                out[m, :months - m] = self.again[m + 1, m:] / self.size[m + 1]
        return out


def cohorts(result: Result) -> Cohorts:
    """Cohorts of the plan itself, not of draws: people and orders by month (model.md section 5)."""
    record, months = result.extra["months"], len(result.months)
    people = np.zeros((2, 2, ladder.AGES + 1, months + 1))
    people[..., 0] = result.extra["opening_ladder"][..., 0]
    size = np.concatenate([[people.sum()], sum(result.extra[k][..., 0].sum(axis=0) for k in ("stayed", "lost"))])
    out = Cohorts(size, *(np.zeros((months + 1, months)) for _ in range(5)))
    for m in range(months):
        _, chance, share, leave = record[m]
        people, out.orders[:, m] = _one_month(result, m, people, chance, share, leave)
        sums = ladder.recency_sums(people)
        out.again[1:m + 2, m] = people[:, ladder.AGAIN, :, 1:m + 2].sum(axis=(0, 1))
        out.people[:, m], out.members[:, m] = people.sum(axis=(0, 1, 2)), sums[ladder.MEMBER].sum(axis=0)
        out.active[:, m] = sums[ladder.MEMBER, 0]
    return out


def _one_month(result: Result, m: int, people, chance, share, leave):
    """Every cohort's next month and its orders but first ones, the month's new customers in a cohort of their own."""
    e = result.extra
    rate = e["rate"][:, :, m if e["rate"].shape[2] > 1 else 0]
    stayed, lost = (np.zeros((2, people.shape[-1])) for _ in range(2))
    stayed[:, m + 1], lost[:, m + 1] = e["stayed"][:, m, 0], e["lost"][:, m, 0]
    repeats = people * chance
    idle = people - repeats
    woken = (ladder.recency_sums(idle) * share).sum(axis=1)
    orderers = repeats.sum(axis=(1, 2)) + woken
    after_repeat, after_first = ladder.same_month(orderers, stayed, e["timing_0"], rate)
    nxt = ladder.grow_older(idle, share, orderers, after_first, stayed, lost)
    ladder.leave_pool(nxt, leave)
    return nxt, (orderers + after_repeat + after_first).sum(axis=0)


@dataclass(frozen=True, slots=True)
class Segments:
    """Members at the end of each month: first order this month; ordered within 3 months; longer ago. Sum: the pool."""

    new: np.ndarray
    active: np.ndarray
    dormant: np.ndarray


def segments(found: Cohorts) -> Segments:
    """New, active and dormant members by month; who refunded the first order counts as dormant, as in the ladder."""
    months = found.members.shape[1]
    new = found.active[np.arange(months) + 1, np.arange(months)]
    return Segments(new, found.active.sum(axis=0) - new, (found.members - found.active).sum(axis=0))
