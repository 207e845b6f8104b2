"""The recency ladder of customers (model.md section 5). numpy only; every argument is named by its driver.

People stand by group (member of the pool, other), depth (ordered once, again) and months since the last order
a = 1 … 12, then lapsed: arrays (2, 2, 13, draws). Classes by recency: 0 recent (a ≤ 3), 1 dormant.
"""

from __future__ import annotations

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
#: stands for nobody under a fraction line: far below any count of people, far above underflow, in single precision too
NOBODY = 1e-25


def default_timing(timing_same_month, timing_decay):
    """Share of repeats by month since the order, a = 0 … 12 (13, D): the same month, then ∝ (a + 2)^−decay."""
    ages = np.arange(1, AGES + 1)[:, None]
    curve = (ages + TIMING_SHIFT).astype(timing_decay.dtype) ** -timing_decay
    rest = (1 - timing_same_month) * curve / curve.sum(axis=0)
    return np.concatenate([np.broadcast_to(timing_same_month, rest[:1].shape), rest])


def hazards(rate, timing, comeback):
    """Monthly chance of another order by cell (2, 2, 13, D), such that Π (1 − hazard) over a = 0 … 12 is 1 − rate.

    rate: (group, depth, D). timing: (13, D). comeback: (depth, D), the lapsed people's chance.
    """
    draws = np.broadcast_shapes(rate.shape[-1:], timing.shape[-1:], comeback.shape[-1:])
    out = np.empty((2, 2, AGES + 1, *draws), rate.dtype)
    passed = np.cumsum(timing, axis=0)[:-1]
    share = rate[:, :, None]
    out[:, :, :LAPSED] = share * timing[1:] / (1 - share * passed)
    out[:, :, LAPSED] = comeback
    return out


def recency_sums(people):
    """People of each group by recency class: (groups, 2, D)."""
    out = np.empty((people.shape[0], 2, people.shape[-1]), people.dtype)
    np.add.reduce(people[:, :, :RECENT], axis=(1, 2), out=out[:, 0])
    np.add.reduce(people[:, :, RECENT:], axis=(1, 2), out=out[:, 1])
    return out


def recency_weights(dormant_response):
    """How strongly each class answers: 1 for the recent, `dormant_response` for the dormant (2, D)."""
    return np.stack([np.ones_like(dormant_response), dormant_response])


def woken_shares(idle, woken_owned, woken_paid, weight):
    """Share of the people not reordering whom channels wake, by group and class (2, 2, D), and how many by group (2, D).

    idle: people not reordering by group and class (2, 2, D). weight: `recency_weights`. Owned channels draw from
    members, paid ones from everybody.
    """
    weighted = idle[:, 0] * weight[0] + idle[:, 1] * weight[1]
    share = np.empty_like(idle)
    by_paid = over(woken_paid, weighted[MEMBER] + weighted[OTHER])
    np.multiply(by_paid + over(woken_owned, weighted[MEMBER]), weight, out=share[MEMBER])
    np.multiply(by_paid, weight, out=share[OTHER])
    np.minimum(WOKEN_CAP, share, out=share)
    woken = idle * share
    return share, woken[:, 0] + woken[:, 1]


def over(part, whole):
    """part ÷ whole; where there is nobody, a number that is multiplied by nobody (0 where the part is 0)."""
    return part / np.maximum(whole, NOBODY)


def same_month(orderers, stayed_new, timing_0, rate):
    """Repeats within the month of an order, once, by group (2, D): after a repeat order, and after a first one.

    orderers, stayed_new: people by group (2, D). timing_0: (D,). rate: (group, depth, D).
    """
    return orderers * rate[:, AGAIN] * timing_0, stayed_new * rate[:, ONCE] * timing_0


def grow_older(idle, share, orderers, first_again, stayed_new, lost_new):
    """The ladder of next month (2, 2, 13, D), people: who ordered stands at age 1, all others one month older.

    idle: people not reordering by themselves (2, 2, 13, D). share: of them, woken, by group and class (2, 2, D). orderers,
    first_again (same-month repeats of new customers), stayed_new, lost_new: people by group (2, D).
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
    """Members, this month's and lapsed ones too, leave to the others; people (2, 2, 13, D) in place, leave_share (D,) 0…1."""
    going = people[MEMBER] * leave_share
    people[MEMBER] -= going
    people[OTHER] += going


def order_share(chance, share):
    """Share of each cell that orders in a month, by itself or woken (2, 2, 13, D)."""
    by_age = np.concatenate([share[:, :1]] * RECENT + [share[:, 1:]] * (AGES + 1 - RECENT), axis=1)
    return chance + (1 - chance) * by_age[:, None]


def orders_by_count(share, counts, same_again, same_once, stayed_new, lost_new, leave_share):
    """People with no order and with one order in the year so far (2, 2, 2, 13, 1), a month later.

    share: of each cell, ordering (2, 2, 13, 1). same_again, same_once: chance of another order in the same month, by
    group (2, 1). Who has two or more orders is everybody else.
    """
    idle = counts * (1 - share)
    first = (counts[0] - idle[0]).sum(axis=(1, 2))
    nxt = np.zeros_like(counts)
    nxt[:, :, :, 1:] = idle[:, :, :, :LAPSED]
    nxt[:, :, :, LAPSED] += idle[:, :, :, LAPSED]
    nxt[1, :, AGAIN, 0] = first * (1 - same_again)
    nxt[1, :, ONCE, 0] = stayed_new * (1 - same_once)
    nxt[0, :, ONCE, LAPSED] += lost_new
    leave_pool(nxt[0], leave_share)
    leave_pool(nxt[1], leave_share)
    return nxt


def future_value(hazard, pulses, rate, timing_0, worth, leave_share):
    """Value of a person in each cell from own repeats over the months of `pulses`: (2, 2, 13, D), by backward steps.

    hazard: (2, 2, 13, D). pulses: list of (D,), first month first. worth: of a repeat order, by group (2, D).
    leave_share: (D,), members leaving to the others each month. Returns the value before each month, first first.
    """
    draws = np.broadcast_shapes(hazard.shape[-1:], worth.shape[-1:], leave_share.shape[-1:])
    value = np.zeros((*hazard.shape[:-1], *draws))
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
