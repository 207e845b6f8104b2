"""Budget shares that always sum to one: moving one rescales the unlocked others, moving part of one to another no other."""

from __future__ import annotations

from collections.abc import Collection, Mapping

#: shares are kept in steps of 0.1 %, so that what is shown adds up to 100.0 %
STEP = 0.001

CLAMPED = "clamped"
ALL_LOCKED = "all_locked"
ALONE = "alone"


def rescale(shares: Mapping[str, float], moved: str, wanted: float, locked: Collection[str] = ()) \
        -> tuple[dict[str, float], str | None]:
    """Shares with `moved` at `wanted`, the unlocked others in proportion (equally if all are zero).

    Returns the new shares, which sum to one, and why less than asked happened: None, CLAMPED (the locked ones leave
    less room), ALL_LOCKED (nothing can give way) or ALONE (one channel has it all).
    """
    free = [k for k in shares if k != moved and k not in locked]
    if not free:
        return dict(shares), ALONE if len(shares) == 1 else ALL_LOCKED
    fixed = sum(v for k, v in shares.items() if k in locked and k != moved)
    room = max(0.0, 1.0 - fixed)
    target = round(min(max(wanted, 0.0), room) / STEP) * STEP
    target = min(target, room)
    rest, total = room - target, sum(shares[k] for k in free)
    raw = {k: rest * (shares[k] / total if total > 0 else 1 / len(free)) for k in free}
    out = dict(shares) | _whole_steps(raw, rest) | {moved: target}
    return out, CLAMPED if wanted > room + STEP / 2 else None


def give_way(shares: Mapping[str, float], wanted: Mapping[str, float]) -> dict[str, float]:
    """The shares that nobody asked for, in proportion in the room that the wanted ones leave (equally if all are zero)."""
    free, room = [k for k in shares if k not in wanted], 1.0 - sum(wanted.values())
    total = sum(shares[k] for k in free)
    if not free or room < 0 or abs(room - total) < STEP / 2:
        return {}
    return _whole_steps({k: room * (shares[k] / total if total > 0 else 1 / len(free)) for k in free}, room)


def moved(shares: Mapping[str, float], source: str, target: str, amount: float) -> dict[str, float]:
    """Shares with `amount` (0…1 of the budget) taken from one channel and given to another, the rest as they were; at most
    what the source has."""
    if source == target:
        return dict(shares)
    part = min(max(amount, 0.0), shares[source])
    return dict(shares) | {source: shares[source] - part, target: shares[target] + part}


def _whole_steps(raw: Mapping[str, float], total: float) -> dict[str, float]:
    """Raw amounts in whole steps by largest remainder; what is no whole step goes to the largest."""
    steps = {k: int(v / STEP + 1e-9) for k, v in raw.items()}
    missing = int(round(total / STEP, 6)) - sum(steps.values())
    for k in sorted(raw, key=lambda k: steps[k] - raw[k] / STEP)[:max(0, missing)]:
        steps[k] += 1
    out = {k: n * STEP for k, n in steps.items()}
    largest = max(out, key=lambda k: out[k])
    out[largest] = max(0.0, out[largest] + total - sum(out.values()))
    return out
