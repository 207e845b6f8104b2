"""Channels and tiers that come and go: each function gives the whole step, whatever else has to follow it.

Pure: a scenario in, another out. Building it checks everything, so that a step that breaks rules raises InvalidInput
with every violation, and the scenario at hand stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from model import Scenario
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import work as wo
from model.plan.rules import TEXT_LIMIT, covers
from model.plan.schema import TABLES, Driver, Value, join, split
from model.plan.shares import give_way, rescale

ALL = "all"
KEY_LENGTH = 32
#: texts of a channel or tier
NAMES = ("name_zh", "name_en")
Fields = Mapping[str, Value]
#: what two halves of a row have half of each
_SPLIT = ("share", *(d.of_year("share", y) for y in d.LATER_YEARS), "impressions_ref", "opening_exposure", "channel_fixed")


def first_free(wish: str, taken: Collection[str], mark: str) -> str:
    """This key, else the first of its numbered ones that nobody has; within the length that keys may have."""
    names = (wish, *(f"{wish[:KEY_LENGTH + 3]}{mark}{i}" for i in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def key_of(name: str, taken: Collection[str], word: str) -> str:
    """A key made from a name: its Latin letters and digits, else `word`; with a number where that is taken."""
    wish = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:KEY_LENGTH].strip("_") or word
    return first_free(wish, taken, "_")


def new_key(scenario: Scenario, table: str, names: Fields) -> str:
    """The key of a row with these names; the English one first, which has letters for it."""
    name = next((str(names[n]) for n in reversed(NAMES) if names.get(n)), "")
    return key_of(name, scenario.taken_keys(table), table)


def fields_of(table: str, kind: str = "") -> dict[str, Driver]:
    """The inputs of a row, of a channel those of its kind."""
    return {key: driver for key, driver in TABLES[table].items() if not kind or kind in driver.kinds}


def required(kind: str) -> dict[str, Driver]:
    """What a new channel of a kind must be told: everything without a default."""
    return {k: r for k, r in fields_of(d.CHANNEL, kind).items() if r.default is None and not r.optional and k != "kind"}


def kinds_to_add(scenario: Scenario) -> tuple[str, ...]:
    """Kinds of which one more may come: any number paid, at most one owned, organic is there already."""
    have = {row["kind"] for row in scenario.rows[d.CHANNEL].values()}
    return (d.PAID,) if d.OWNED in have else (d.PAID, d.OWNED)


# --- shares ------------------------------------------------------------------------------------------------------------

def _sharing(scenario: Scenario, table: str, field: str = "share") -> dict[str, float]:
    """Shares that add up to one, by row."""
    keys = scenario.spending_channels if table == d.CHANNEL else tuple(scenario.rows[table])
    return {k: scenario.get(join(table, k, field)) or 0.0 for k in keys}


def _later_shares(scenario: Scenario, table: str) -> Iterator[str]:
    """Fields of the later years in which the channels have shares of their own."""
    for field in (d.of_year("share", y) for y in d.LATER_YEARS):
        if table == d.CHANNEL and any(scenario.get(join(table, k, field)) is not None for k in scenario.spending_channels):
            yield field


def shares_with(scenario: Scenario, table: str, row: str, wanted: float, locked: Collection[str] = ()) -> dict[str, float]:
    """Every row's share when this one's, there or new, is to be `wanted`; the first row of a table has it all."""
    shares = _sharing(scenario, table) | {row: _sharing(scenario, table).get(row, 0.0)}
    if len(shares) == 1:
        return {row: 1.0}
    return {k: round(v, 12) for k, v in rescale(shares, row, wanted, locked)[0].items()}


def _shares_without(scenario: Scenario, table: str, row: str, locked: Collection[str], field: str) -> dict[str, float]:
    """The other rows' shares when this one goes; locked ones give way only where no other can."""
    shares = _sharing(scenario, table, field)
    if row not in shares or len(shares) == 1:
        return {}
    others = set(shares) - {row}
    new, _ = rescale(shares, row, 0.0, () if others <= set(locked) else locked)
    return {k: round(v, 12) for k, v in new.items() if k != row}


def _set_shares(table: str, shares: Mapping[str, float], field: str = "share") -> dict[str, Value]:
    return {join(table, k, field): v for k, v in shares.items()}


# --- steps -------------------------------------------------------------------------------------------------------------

def saved(scenario: Scenario, table: str, row: str, fields: Fields, locked: Collection[str] = ()) -> Scenario:
    """A row with these fields, there or new; the others' shares give way to its own where that is legal."""
    values = {join(table, row, k): v for k, v in fields.items()}
    share = fields.get("share")
    before = _sharing(scenario, table).get(row)
    if isinstance(share, float) and 0 <= share <= 1 and share != before:
        values |= _set_shares(table, shares_with(scenario, table, row, share, locked))
    return scenario.with_values(values)


def put(scenario: Scenario, values: Mapping[str, Value]) -> Scenario:
    """These values at once, of any tables: where some shares of a table are among them, its others give way."""
    out = dict(values)
    for a in (x for x in map(split, values) if x.table in wo.WORK_TABLES and x.field in NAMES):
        if not values[join(*a)]:  # a name that is emptied is so in every language
            out |= {join(a.table, a.row, name): "" for name in NAMES}
    for table in (d.CHANNEL, li.TIER):
        before = _sharing(scenario, table)
        wanted = {a.row: v for a, v in ((split(x), v) for x, v in values.items()) if a.table == table and a.field == "share"
                  and a.row in before and isinstance(v, float) and 0 <= v <= 1 and v != before[a.row]}
        if len(wanted) == 1:
            ((row, share),) = wanted.items()
            given = shares_with(scenario, table, row, share)
        else:
            given = {k: round(v, 12) for k, v in give_way(before, wanted).items()} if wanted else {}
        out |= {a: v for a, v in _set_shares(table, given).items() if a not in values or split(a).row in wanted}
    return _without_empty(scenario.with_values(out), {split(a)[:2] for a in values})


def _without_empty(scenario: Scenario, touched: Iterable[tuple[str, str]]) -> Scenario:
    """Without the rows of work in which nothing is left."""
    empty = [join(table, row, "") for table, row in touched if table in wo.WORK_TABLES
             and all(v in (None, "", wo.UNSAID.get(f)) for f, v in scenario.rows[table].get(row, {}).items())]
    return scenario.with_values(dict.fromkeys(empty)) if empty else scenario


def copied(scenario: Scenario, table: str, row: str, names: Fields) -> tuple[Scenario, str]:
    """This row split in two like ones, the copy under other names, and the copy's key.

    Share, audience and fixed cost are halved on both sides: the copy by itself changes no result, and then it is edited.
    """
    key = new_key(scenario, table, names)
    fields = {**scenario.rows[table][row], **{k: str(v) for k, v in names.items()}}
    values = {join(table, key, k): v for k, v in fields.items()}
    for field in _SPLIT:
        if fields.get(field):
            values[join(table, key, field)] = half = round(fields[field] / 2, 12)
            values[join(table, row, field)] = fields[field] - half
    if table == d.CHANNEL:
        values |= _covered_too(scenario, row, key) | _effects_too(scenario, row, key)
    return scenario.with_values(values), key


def copy_name(name: str) -> str:
    """What a copy is called until it gets a name of its own."""
    return f"{name[:TEXT_LIMIT - 2]} 2"


def _covered_too(scenario: Scenario, channel: str, new: str) -> dict[str, Value]:
    """Promotions for some channels, this one among them, cover the new one too."""
    return {f"promotion.{p}.channels": ";".join([*only, new]) for p, row in scenario.rows[li.PROMOTION].items()
            if (only := covers(str(row.get("channels") or ALL))) is not None and channel in only}


def _effects_too(scenario: Scenario, channel: str, new: str) -> dict[str, Value]:
    """What acts on this channel alone acts on the new one too."""
    out: dict[str, Value] = {}
    for table, fields in TABLES.items():
        taken = scenario.taken_keys(table)
        for key, row in scenario.rows[table].items() if table not in wo.WORK_TABLES else ():
            if "channel" in fields and row.get("channel") == channel:
                taken.add(twin := key_of(key, taken, table))
                out |= {join(table, twin, f): v for f, v in {**row, "channel": new}.items()}
    return out


def removed(scenario: Scenario, table: str, row: str, locked: Collection[str] = ()) -> Scenario:
    """Without this row; the others take its share, and what names it no longer does."""
    values: dict[str, Value] = {}
    for field in ("share", *_later_shares(scenario, table)):
        values |= _set_shares(table, _shares_without(scenario, table, row, locked, field), field)
    if table == d.CHANNEL:
        values |= _forgotten(scenario, row)
    return scenario.with_values(values | {join(table, row, ""): None})


def _forgotten(scenario: Scenario, channel: str) -> dict[str, Value]:
    """Promotions without this channel, off where it was the only one; effects on it alone go."""
    out: dict[str, Value] = {}
    for key, row in scenario.rows[li.PROMOTION].items():
        only = covers(str(row.get("channels") or ALL))
        if only is not None and channel in only:
            kept = [c for c in only if c != channel]
            out |= {f"promotion.{key}.channels": ";".join(kept) or ALL, f"promotion.{key}.on": bool(kept and row.get("on", True))}
    return out | {join(table, key, ""): None for table, fields in TABLES.items() if "channel" in fields
                  for key, row in scenario.rows[table].items() if row.get("channel") == channel}
