"""The recency ladder of customers (model.md section 5). numpy only; every argument is named by its driver.

People stand by group (member of the pool, other), depth (ordered once, again) and months since the last order
a = 1 … 12, then lapsed: arrays (2, 2, 13, draws). Classes by recency: 0 recent (a ≤ 3), 1 dormant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MEMBER, OTHER = 0, 1
ONCE, AGAIN = 0, 1
AGES = 12
LAPSED = AGES
#: last age of the recent (and active) customers
RECENT = 3
#: messages and advertising wake at most this share of the people in a cell who do not reorder by themselves
WOKEN_CAP = 0.95
TIMING_SHIFT = 2


def default_timing(timing_same_month, timing_decay):
    """Share of repeats by month since the order, a = 0 … 12 (13, D): the same month, then ∝ (a + 2)^−decay."""
    ages = np.arange(1, AGES + 1)[:, None]
    curve = (ages + TIMING_SHIFT) ** -np.asarray(timing_decay, float)
    rest = (1 - timing_same_month) * curve / curve.sum(axis=0)
    return np.concatenate([np.broadcast_to(timing_same_month, rest[:1].shape), rest])


def hazards(rate, timing, comeback):
    """Monthly chance of another order by cell (2, 2, 13, D), such that Π (1 − hazard) over a = 0 … 12 is 1 − rate.

    rate: (group, depth, D). timing: (13, D). comeback: (depth, D), the lapsed people's chance.
    """
    draws = np.broadcast_shapes(rate.shape[-1:], timing.shape[-1:], comeback.shape[-1:])
    out = np.empty((2, 2, AGES + 1, *draws))
    passed = np.cumsum(timing, axis=0)[:-1]
    share = rate[:, :, None]
    out[:, :, :LAPSED] = share * timing[1:] / (1 - share * passed)
    out[:, :, LAPSED] = comeback
    return out


@dataclass(slots=True)
class Month:
    """What one month did (arrays (D,) unless said).

    repeats: by group (2, D), same-month ones included. ordered: share of each cell that ordered (2, 2, 13, D).
    woken_cut: woken orders above what the cells hold.
    """

    repeats: np.ndarray
    ordered: np.ndarray
    pool: np.ndarray
    joiners: np.ndarray
    segments: np.ndarray
    woken_cut: np.ndarray


def recency_sums(people):
    """People of each group by recency class: (2, 2, D)."""
    by_group = people[:, 0] + people[:, 1]
    return np.stack([by_group[:, :RECENT].sum(axis=1), by_group[:, RECENT:].sum(axis=1)], axis=1)


def woken_shares(idle, woken_owned, woken_paid, dormant_response):
    """Share of the people not reordering whom channels wake, by group and class (2, 2, D), and what the cap cuts.

    idle: people not reordering by group and class (2, 2, D). Owned channels draw from members, paid ones from everybody.
    """
    weight = np.stack([np.ones_like(dormant_response), dormant_response])
    weighted = (idle * weight).sum(axis=1)
    everybody = weighted.sum(axis=0)
    by_paid = np.divide(woken_paid, everybody, out=np.zeros(everybody.shape), where=everybody > 0)
    by_owned = np.divide(woken_owned, weighted[MEMBER], out=np.zeros(everybody.shape), where=weighted[MEMBER] > 0)
    share = np.stack([by_paid + by_owned, by_paid])[:, None] * weight
    share = np.minimum(WOKEN_CAP, share)
    cut = woken_owned + woken_paid - (idle * share).sum(axis=(0, 1))
    return share, cut


def same_month(orderers, stayed_new, timing_0, rate):
    """Repeats within the month of an order, once, by group (2, D): after a repeat order, and after a first one."""
    return orderers * rate[:, AGAIN] * timing_0, stayed_new * rate[:, ONCE] * timing_0


def grow_older(idle, share, orderers, first_again, stayed_new, lost_new):
    """The ladder of next month (2, 2, 13, D): who ordered stands at age 1, all others one month older.

    idle: people not reordering by themselves. share: of them, woken, by group and class (2, 2, D).
    """
    nxt = np.empty_like(idle)
    kept = 1 - share
    recent, dormant = kept[:, 0][:, None, None], kept[:, 1][:, None, None]
    np.multiply(idle[:, :, :RECENT], recent, out=nxt[:, :, 1:RECENT + 1])
    np.multiply(idle[:, :, RECENT:LAPSED], dormant, out=nxt[:, :, RECENT + 1:])
    nxt[:, :, LAPSED] += idle[:, :, LAPSED] * kept[:, 1][:, None]
    nxt[:, ONCE, LAPSED] += lost_new
    nxt[:, AGAIN, 0] = orderers + first_again
    nxt[:, ONCE, 0] = stayed_new - first_again
    return nxt


def leave_pool(people, leave_share):
    """Members, this month's and lapsed ones too, leave to the others; in place."""
    going = people[MEMBER] * leave_share
    people[MEMBER] -= going
    people[OTHER] += going


def orders_by_count(shares, joins, counts, *, same_again, same_once, stayed_new, lost_new, leave_share):
    """One month of the year's order counts: people by number of orders in the year (0, 1, 2 or more).

    shares: share of each cell that orders (2, 2, 13, 1). counts: (3, 2, 2, 13, 1). joins: counts of people who ordered
    once and did not stay (scalar array). Returns the counts of the next month and `joins` with this month's added.
    """
    again = counts * shares
    idle = counts - again
    orderers = again.sum(axis=(2, 3))
    nxt = np.zeros_like(counts)
    nxt[:, :, :, 1:] = idle[:, :, :, :LAPSED]
    nxt[:, :, :, LAPSED] += idle[:, :, :, LAPSED]
    single, double = orderers * (1 - same_again), orderers * same_again
    nxt[1, :, AGAIN, 0] = single[0]
    nxt[2, :, AGAIN, 0] = single[1] + single[2] + double.sum(axis=0)
    nxt[1, :, ONCE, 0] += stayed_new * (1 - same_once)
    nxt[2, :, AGAIN, 0] += stayed_new * same_once
    nxt[0, :, ONCE, LAPSED] += lost_new
    going = nxt[:, MEMBER] * leave_share
    nxt[:, MEMBER] -= going
    nxt[:, OTHER] += going
    return nxt, joins + lost_new.sum(axis=0)


def future_value(hazard, pulses, rate, timing_0, worth, leave_share):
    """Value of a person in each cell from own repeats over the months of `pulses`: (2, 2, 13, D), by backward steps.

    hazard: (2, 2, 13, D). pulses: list of (D,), first month first. worth: of a repeat order, by group (2, D).
    leave_share: (D,), members leaving to the others each month. Returns the value before each month, first first.
    """
    value = np.zeros(np.broadcast_shapes(hazard.shape, (*hazard.shape[:3], worth.shape[-1])))
    steps = []
    per_order = (1 + rate[:, AGAIN] * timing_0) * worth
    for pulse in reversed(pulses):
        chance = np.minimum(1, hazard * pulse)
        after = value.copy()
        after[MEMBER] = value[MEMBER] * (1 - leave_share) + value[OTHER] * leave_share
        older = np.concatenate([after[:, :, 1:], after[:, :, LAPSED:]], axis=2)
        ordered = (per_order + after[:, AGAIN, 0])[:, None, None]
        value = chance * ordered + (1 - chance) * older
        steps.append(value)
    return steps[::-1]
