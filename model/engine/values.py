"""A driver's value in every month, channel and draw (model.md section 1): base × headline × initiatives, clamped.

The only room that turns rows of a scenario into arrays: business drivers (months or 1, draws or 1), channel drivers
(channels, months or 1, draws or 1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

import numpy as np

from model.engine import calendar as cal
from model.errors import UnknownName
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import risks as ri
from model.plan import work as wo
from model.plan.rules import covers, month_number
from model.plan.scenario import Plan, Scenario
from model.plan.schema import ONLY, TABLES, Row, applies, find, join, said, split
from model.units import odds

Draws = Mapping[str, np.ndarray]
#: numbers of a table's rows; a channel's months are read as series (`phasings`, `own_months`)
_NUMERIC = {table: tuple(row for key, row in fields.items() if row.unit.is_number and not key.startswith("phasing_"))
            for table, fields in TABLES.items()}
_MONTHS = tuple(f"{m:02d}" for m in range(1, 13))
_KIND_ORDER = {kind: i for i, kind in enumerate(d.ALL_KINDS)}
#: headline factors that act on channel drivers, on every channel at once
CHANNEL_HEADLINES = ("ctr", "cvr", "aov", "refund_rate", "goods_margin_rate")
_REPURCHASE = ("repurchase_member_once", "repurchase_member_again", "repurchase_other_once", "repurchase_other_again")


@dataclass(frozen=True, eq=False)
class Values:
    """All inputs of one evaluation as arrays.

    business, channel: by driver key. promotion: by field, (E, 1, D). channels: keys, the paid ones first, then owned,
    then organic. clamped: drivers that a bound held back. precision: of all of them, and of what follows from them.
    """

    scenario: Scenario
    calendar: cal.Calendar
    channels: tuple[str, ...]
    paid: int
    has_owned: bool
    business: dict[str, np.ndarray]
    channel: dict[str, np.ndarray]
    promotion: dict[str, np.ndarray]
    promotion_on: np.ndarray
    cover: np.ndarray
    initiative_cost: np.ndarray
    payroll: np.ndarray
    draws: int
    clamped: tuple[str, ...]
    precision: np.dtype


def in_precision(precision: type | np.dtype, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays in this precision; those that have it already are not copied."""
    return {k: a.astype(precision, copy=False) for k, a in arrays.items()}


def in_one_precision(draws: Draws | None) -> dict[str, np.ndarray]:
    """Draws as arrays: of single precision where every one of them is, else of double, whole numbers too."""
    arrays = {address: np.asarray(a) for address, a in (draws or {}).items()}
    single = all(a.dtype == np.float32 for a in arrays.values())
    return in_precision(np.float32 if single else float, arrays)


def channel_order(scenario: Scenario) -> tuple[str, ...]:
    """Channel keys, paid first, then owned, then organic, else in the planner's order."""
    rows = scenario.rows[d.CHANNEL]
    return tuple(sorted(rows, key=lambda key: _KIND_ORDER[rows[key]["kind"]]))


def number(row: Row, driver: d.Driver) -> float:
    """A row's number, the default where it is silent or of a kind without it, nan where there is none."""
    value = said(row, driver) if applies(driver, row) else driver.default
    return np.nan if value is None else value


def _drawn(table: str, draws: Draws) -> dict[tuple[str, str], np.ndarray]:
    """Draws of one table by (field, row), each (months or 1, D)."""
    out = {}
    for address, values in draws.items():
        a = split(address)
        if not a.field:
            raise UnknownName(address)
        if a.table == table:
            out[a.field, a.row] = values[None] if values.ndim == 1 else values
    return out


def _with_draws(base: np.ndarray, rows: tuple[str, ...], mine: Mapping[str, np.ndarray]) -> np.ndarray:
    """base (R, 1, 1) with the drawn rows put in: (R, months or 1, D)."""
    shape = np.broadcast_shapes(*(v.shape for v in mine.values()))
    out = np.empty((len(rows), *shape), np.result_type(*mine.values()))
    for i, row in enumerate(rows):
        out[i] = mine[row] if row in mine else base[i]
    return out


#: columns of a base plan's tables by table and precision: most scenarios change few of them
_OF_PLAN: WeakKeyDictionary[Plan, dict[tuple, dict[str, np.ndarray]]] = WeakKeyDictionary()


def precision_of(draws: Draws) -> np.dtype:
    """Of draws that are of one precision: double where there are none."""
    return next((a.dtype for a in draws.values()), np.dtype(float))


def _columns(scenario: Scenario, table: str, rows: tuple[str, ...], draws: Draws) -> dict[str, np.ndarray]:
    """Every number of a table by field: (rows, months or 1, draws or 1), in the precision of the draws.

    The arrays are shared: never write into them.
    """
    data, precision = scenario.rows[table], precision_of(draws)
    if data is scenario.base.rows[table]:
        known, key = _OF_PLAN.setdefault(scenario.base, {}), (table, precision)
        columns = known.get(key) or known.setdefault(key, _read(table, data, rows, precision))
    else:
        columns = _read(table, data, rows, precision)
    by_field: dict[str, dict[str, np.ndarray]] = {}
    for (field, row), values in (_drawn(table, draws) if draws else {}).items():
        if row not in rows:
            raise UnknownName(join(table, row, ""))
        by_field.setdefault(field, {})[row] = values
    return {k: _with_draws(a, rows, by_field[k]) if k in by_field else a for k, a in columns.items()}


def _read(table: str, data, rows: tuple[str, ...], precision: np.dtype) -> dict[str, np.ndarray]:
    return {driver.key: np.array([number(data[row], driver) for row in rows], precision).reshape(-1, 1, 1)
            for driver in _NUMERIC[table]}


def resolve(scenario: Scenario, draws: Draws) -> Values:
    """Arrays of a scenario; `draws`, of one precision, replaces values by address with (D,) or (months, D) arrays."""
    precision = precision_of(draws)
    _drawable(scenario, draws)
    promotions = tuple(scenario.rows[li.PROMOTION])
    channels = channel_order(scenario)
    frame = scenario.rows[d.BUSINESS][ONLY]
    calendar = cal.build(frame.get("start", "2027-01"), int(frame.get("months", 12)), tuple(
        (p["first"], p["last"]) for p in scenario.rows[li.PROMOTION].values()))
    business = {k: v[0] for k, v in _columns(scenario, d.BUSINESS, (ONLY,), draws).items()}
    headline = {k: v[0] for k, v in _columns(scenario, d.HEADLINE, (ONLY,), draws).items()}
    channel = _columns(scenario, d.CHANNEL, channels, draws)
    kinds = [scenario.rows[d.CHANNEL][c]["kind"] for c in channels]
    _defaults(channel, kinds)
    business["fill"] = _fill(scenario, calendar, draws)
    _tiers(scenario, business, draws)
    _put_years(d.BUSINESS, business, calendar, draws)
    effects = list(_effects(scenario, calendar, draws))
    clamped = _factors(effects, {c: scenario.rows[d.CHANNEL][c] for c in channels}, headline, business, channel)
    if not any(a.startswith("channel.") and a.endswith(".share") for a in draws):
        channel["share"] = _unit_sum(channel["share"])
    _put_years(d.CHANNEL, channel, calendar, draws)
    return Values(
        scenario, calendar, channels, kinds.count(d.PAID), d.OWNED in kinds, business, channel,
        _columns(scenario, li.PROMOTION, promotions, draws),
        np.array([bool(p.get("on", True)) for p in scenario.rows[li.PROMOTION].values()], bool),
        _cover(scenario, channels, promotions), _initiative_cost(scenario, calendar, draws).astype(precision, copy=False),
        _payroll(scenario, draws).astype(precision, copy=False),
        max([np.shape(a)[-1] for a in draws.values()], default=1), clamped, precision,
    )


#: read once per plan, not per draw
_UNDRAWN = {li.OPENING, li.TIMING, li.TARGET, li.LAST_YEAR, *ri.RISK_TABLES, *wo.WORK_TABLES}


def _drawable(scenario: Scenario, draws: Draws) -> None:
    """Raises UnknownName for an address that names nothing in the plan, or nothing that draws can move."""
    for address in draws:
        if not drawable(scenario, address):
            raise UnknownName(address)


def drawable(scenario: Scenario, address: str) -> bool:
    """Whether an address names a number of the plan that draws can move."""
    a = find(address)
    if a is None or a.table in _UNDRAWN or a.field in ("", "months", "ramp_months") or "phasing" in a.field:
        return False
    if not TABLES[a.table][a.field].unit.is_number:
        return False
    if a.table == li.MONTH and 0 <= month_number(a.row) - month_number(scenario.get("start")) < scenario.get("months"):
        return True
    return a.row in scenario.rows[a.table]


def _unit_sum(share: np.ndarray) -> np.ndarray:
    """Shares add up to one within a tolerance at the door, and exactly from here on."""
    total = share.sum(axis=0)
    return np.divide(share, total, out=share.copy(), where=total > 0)


def _put_years(table: str, store: dict[str, np.ndarray], calendar: cal.Calendar, draws: Draws) -> None:
    """Values that later years have of their own, from their first month on (model.md section 1).

    Draws stand for the first year and those that are as it is; draws by month say every month themselves.
    """
    for field in d.OWN_YEARS[table]:
        said = [(y, store.pop(d.of_year(field, y))) for y in d.LATER_YEARS]
        own = [(y, value) for y, value in said if 12 * (y - 1) < calendar.months and not np.isnan(value).all()]
        if own and not any(len(values) > 1 for (f, _), values in _drawn(table, draws).items() if f == field):
            store[field] = _in_years(store[field], [(y, _year_of(field, value)) for y, value in own], calendar)


def _year_of(field: str, value: np.ndarray) -> np.ndarray:
    """A year's own values by channel: of shares that not every channel says, the others are nothing."""
    return _unit_sum(np.nan_to_num(value)) if field == "share" else value


def _in_years(first: np.ndarray, own: Sequence[tuple[int, np.ndarray]], calendar: cal.Calendar) -> np.ndarray:
    """(…, 1, D) of the first year and (…, 1, D) of later ones as (…, M, D); nan where a row has none of its own."""
    draws = max(first.shape[-1], *(value.shape[-1] for _, value in own))
    out = np.broadcast_to(first, (*first.shape[:-2], calendar.months, draws)).copy()
    for year, value in own:
        later = calendar.year >= year - 1
        out[..., later, :] = np.where(np.isnan(value), out[..., later, :], value)
    return out


def _defaults(channel: dict[str, np.ndarray], kinds: list[str]) -> None:
    """What follows from the kind: organic orders are first orders, the owned channel's never are."""
    for key, other in d.LIKE.items():
        channel[key] = np.where(np.isnan(channel[key]), channel[other], channel[key])
    fixed = {d.ORGANIC: {"new_share": 1.0, "share": 0.0}, d.OWNED: {"new_share": 0.0, "join": 0.0}}
    for key in ("new_share", "share", "join"):
        channel[key] = channel[key].copy()
    for i, kind in enumerate(kinds):
        for key, value in fixed.get(kind, {}).items():
            channel[key][i] = value


def _fill(scenario: Scenario, calendar: cal.Calendar, draws: Draws) -> np.ndarray:
    rows = scenario.rows[li.MONTH]
    drawn = _drawn(li.MONTH, draws)
    size = max([v.shape[-1] for v in drawn.values()], default=1)
    fill = np.ones((calendar.months, size), precision_of(draws))
    for m, label in enumerate(calendar.labels):
        if label in rows:
            fill[m] = rows[label].get("fill", 1.0)
        if ("fill", label) in drawn:
            fill[m] = drawn["fill", label]
    return fill


def _tiers(scenario: Scenario, business: dict[str, np.ndarray], draws: Draws) -> None:
    """Tiers, where given, set the members' rates and benefit to the share-weighted mean."""
    tiers = tuple(scenario.rows[li.TIER])
    if not tiers:
        return
    t = _columns(scenario, li.TIER, tiers, draws)
    share = t["share"] / t["share"].sum(axis=0)
    for key, column in li.BY_TIER.items():
        business[key] = (share * t[column]).sum(axis=0)


def _payroll(scenario: Scenario, draws: Draws) -> np.ndarray:
    """Heads × monthly cost of all teams, (1, D)."""
    team = tuple(scenario.rows[li.TEAM])
    t = _columns(scenario, li.TEAM, team, draws)
    return (t["heads"] * t["monthly_cost"]).sum(axis=0)


def _factors(effects, channels, headline, business, channel) -> tuple[str, ...]:
    """Headline factors and initiatives onto the values, then the bounds; names the drivers that a bound held back.

    A channel whose kind does not have a driver is left alone: what its kind fixes (organic orders are first orders) stays.
    """
    changed = set()
    for key in CHANNEL_HEADLINES:
        if (headline[key] != 1).any():
            channel[key] = channel[key] * headline[key]
            changed.add((d.CHANNEL, key))
    if (headline["repurchase_rate"] != 1).any():
        for key in _REPURCHASE:
            business[key] = odds(business[key], headline["repurchase_rate"])
    business["budget"] = business["budget"] * headline["budget"]
    business["traffic_price_factor"] = headline["traffic_price"]
    of_channels: dict[str, list] = {}
    for table, key, row, factor in effects:
        if table == d.CHANNEL:
            driver = TABLES[table][key]
            rows = [i for i, (c, of) in enumerate(channels.items()) if row in ("all", c) and applies(driver, of)]
            of_channels.setdefault(key, []).append((rows, factor))
        else:
            business[key] = business[key] * factor
        changed.add((table, key))
    for key, parts in of_channels.items():
        channel[key] = _times(channel[key], parts)
    return tuple(_clamp(table, key, business, channel) for table, key in sorted(changed)
                 if _outside(table, key, business, channel))


def _times(values: np.ndarray, parts: Sequence[tuple[Sequence[int], np.ndarray]]) -> np.ndarray:
    """(channels, months or 1, D or 1) with some channels' rows times a factor (months, D or 1), one part after the other."""
    months, draws = (max(values.shape[i + 1], *(factor.shape[i] for _, factor in parts)) for i in (0, 1))
    full = np.empty((len(values), months, draws), values.dtype)
    full[:] = values
    for rows, factor in parts:
        for i in rows:
            full[i] *= factor
    return full


def _store(table, business, channel):
    return channel if table == d.CHANNEL else business


def _outside(table, key, business, channel) -> bool:
    values, driver = _store(table, business, channel)[key], TABLES[table][key]
    least = most = values
    if values.shape[-1] > 1:  # fmin of all draws would take three times as long
        least, most = np.minimum.reduce(values, axis=-1), np.maximum.reduce(values, axis=-1)
    return bool(np.fmin.reduce(least, axis=None) < driver.low or np.fmax.reduce(most, axis=None) > driver.high)


def _clamp(table, key, business, channel) -> str:
    store, driver = _store(table, business, channel), TABLES[table][key]
    store[key] = np.clip(store[key], driver.low, driver.high)
    return key


def ramp(calendar: cal.Calendar, start: str, ramp_months: int) -> np.ndarray:
    """0 before the start, then in equal steps up to 1 after `ramp_months` (M,). Shared: never write into it."""
    return _ramp(calendar.months, month_number(start) - month_number(calendar.labels[0]), ramp_months)


@lru_cache(maxsize=256)
def _ramp(months: int, first: int, ramp_months: int) -> np.ndarray:
    steps = np.clip((np.arange(months) - first + 1) / ramp_months, 0, 1)
    steps.flags.writeable = False
    return steps


def effects_on(scenario: Scenario, calendar: cal.Calendar) -> Iterator[tuple[str, str, str, str, np.ndarray]]:
    """(its row, table, driver key, channel key or "all", ramp (M,)) of every effect of an initiative that is on."""
    initiatives = scenario.rows[li.INITIATIVE]
    for name, row in scenario.rows[li.EFFECT].items():
        initiative = initiatives[row["initiative"]]
        if initiative.get("on", True):
            key = row["driver"]
            table = next(t for t in (d.CHANNEL, d.BUSINESS, li.MONTH) if key in TABLES[t])
            steps = ramp(calendar, initiative["start"], int(initiative.get("ramp_months", 1)))
            yield name, table, key, row.get("channel", "all"), steps


def _effects(scenario: Scenario, calendar: cal.Calendar, draws: Draws):
    """(table, driver key, channel key or "all", factor (M, 1 or D)) of the same."""
    drawn, precision = _drawn(li.EFFECT, draws), precision_of(draws)
    for name, table, key, channel, steps in effects_on(scenario, calendar):
        size = drawn.get(("effect", name), scenario.rows[li.EFFECT][name]["effect"])
        yield table, key, channel, 1 + size * steps[:, None].astype(precision, copy=False)


def _initiative_cost(scenario: Scenario, calendar: cal.Calendar, draws: Draws) -> np.ndarray:
    """One-off cost in the first month and monthly cost from then on, of those that are on, mitigations too: (M, D)."""
    keys = tuple(scenario.rows[li.INITIATIVE])
    cost = _mitigation_cost(scenario, calendar)
    if not keys:
        return cost
    columns = _columns(scenario, li.INITIATIVE, keys, draws)
    months = np.arange(calendar.months)[:, None]
    for i, row in enumerate(scenario.rows[li.INITIATIVE].values()):
        if row.get("on", True):
            first = month_number(row["start"]) - month_number(calendar.labels[0])
            cost = cost + columns["cost_once"][i] * (months == first) + columns["cost_monthly"][i] * (months >= first)
    return cost


def _mitigation_cost(scenario: Scenario, calendar: cal.Calendar) -> np.ndarray:
    """What is spent on mitigations that are on, whether or not their event happens: (M, 1)."""
    cost = np.zeros((calendar.months, 1))
    for row in scenario.rows[ri.MITIGATION].values():
        if row.get("on", False):
            cost += row.get("cost_monthly", 0.0)
            cost[0] += row.get("cost_once", 0.0)
    return cost


def _cover(scenario: Scenario, channels: tuple[str, ...], promotions: tuple[str, ...]) -> np.ndarray:
    """Which promotions each channel sees, and in the last row those that cover all channels: (C + 1, E) bool.

    Organic orders, repeats and the pulse see only promotions for all channels (model.md section 2).
    """
    kinds = scenario.rows[d.CHANNEL]
    cover = np.zeros((len(channels) + 1, len(promotions)), bool)
    for e, key in enumerate(promotions):
        only = covers(scenario.rows[li.PROMOTION][key].get("channels") or "all")
        for i, c in enumerate(channels):
            cover[i, e] = only is None or (c in only and kinds[c]["kind"] != d.ORGANIC)
        cover[-1, e] = only is None
    return cover


def phasings(values: Values, draws: Draws | None = None) -> np.ndarray:
    """Phasing by channel, last row the plan's own (C + 1, M, 1); sums to 1 over twelve months."""
    season = values.scenario.rows[li.SEASON]
    said = [season[m].get("phasing") for m in _MONTHS]
    plan = np.array(said, float)[:, None] if said[0] is not None else season_of_year(values, "season", draws)
    rows = []
    for key in values.channels:
        row = values.scenario.rows[d.CHANNEL][key]
        own = row.get("phasing_mode", "plan") == "own_season"
        rows.append(np.array([row[field] for field in d.PHASING], float)[:, None] if own else plan)
    weights = np.stack(np.broadcast_arrays(*rows, plan))
    return cal.by_month(weights, values.calendar, 1.0)


def own_months(values: Values) -> dict[int, np.ndarray]:
    """Weights (M, 1) of the channels, by their place, that have months of their own in some year; nan in the other years.

    Of a year's twelve months they sum to 1. A later year that is silent is as the year before.
    """
    out = {}
    for i, key in enumerate(values.channels):
        if series := _own_series(values.scenario.rows[d.CHANNEL][key]):
            weights = np.full((values.calendar.months, 1), np.nan)
            for year, twelve in series:
                later = values.calendar.year >= year - 1
                weights[later] = cal.by_month(np.array(twelve, float)[:, None], values.calendar, 1.0)[later]
            out[i] = weights
    return out


def _own_series(row: Row) -> list[tuple[int, list[float]]]:
    """Years from which on a channel's row says its twelve months, and what it says."""
    first = [1] if row.get("phasing_mode", "plan") == "own_months" else []
    years = [*first, *(y for y in d.LATER_YEARS if row.get(d.of_year(d.PHASING[0], y)) is not None)]
    return [(y, [row[d.of_year(field, y)] for field in d.PHASING]) for y in years]


def season_index(values: Values, field: str, draws: Draws | None = None) -> np.ndarray:
    """A season's index by month of the plan, mean 1 over twelve months: (M, D)."""
    return cal.by_month(season_of_year(values, field, draws), values.calendar, 12.0)


def season_of_year(values: Values, field: str, draws: Draws | None) -> np.ndarray:
    """A season's twelve values by calendar month (12, D)."""
    mine = {k: v for k, v in (draws or {}).items() if k.startswith("season.")}
    return _columns(values.scenario, li.SEASON, _MONTHS, mine)[field][:, 0].astype(values.precision, copy=False)
