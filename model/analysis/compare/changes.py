"""What differs between scenarios, and which of it can change by itself: the players of the bridge (`bridge`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.plan import drivers as d
from model.plan import lists as li
from model.plan import risks as ri
from model.plan import work as wo
from model.plan.rules import covers
from model.plan.scenario import REMOVED, Scenario, same
from model.plan.schema import MAX_ROWS, TABLES, Value, find, join, said, split

# --- what differs -------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Difference:
    """An address and its value in each scenario, None where the scenario has no such row (or says nothing)."""

    address: str
    values: tuple[Value, ...]


def differences(scenarios: Sequence[Scenario]) -> tuple[Difference, ...]:
    """The addresses at which scenarios differ, and only those, in the order of a plan; base plans may differ too."""
    out = []
    for table, row in all_rows(scenarios):
        said = set().union(*(s.rows[table].get(row, {}) for s in scenarios))
        for field in TABLES[table]:
            values = tuple(value_at(s, table, row, field) for s in scenarios)
            if field in said and not all(same(values[0], v) for v in values[1:]):
                out.append(Difference(join(table, row, field), values))
    return tuple(out)


def all_rows(scenarios: Sequence[Scenario]) -> Iterator[tuple[str, str]]:
    """(table, row key) of every row that any of them has, the first scenario's order first."""
    for table in TABLES:
        for row in dict.fromkeys(key for s in scenarios for key in s.rows[table]):
            yield table, row


def value_at(scenario: Scenario, table: str, row: str, field: str) -> Value:
    """As a result reads it; None where there is no such row."""
    rows = scenario.rows[table]
    return said(rows[row], TABLES[table][field]) if row in rows else None


def _number_at(scenario: Scenario, address: str) -> float:
    value = value_at(scenario, *split(address))
    return np.nan if value is None else float(value)


# --- groups of the bridge -----------------------------------------------------------------------------------------

(TRAFFIC_PRICE, TRAFFIC_VOLUME, CONVERSION, ORDER_VALUE, PROMOTIONS, REFUNDS, COSTS, CUSTOMERS, BUDGET, SPLIT, OVERHEAD,
 INITIATIVES, OTHER, RISK) = BRIDGE_GROUPS = (
    "traffic_price", "traffic_volume", "conversion", "order_value", "promotions", "refunds", "costs", "customers",
    "budget", "split", "overhead", "initiatives", "other", "risk")

#: tables and fields that no result is computed from: names, targets, last year, benchmarks, the work
_SILENT_TABLES = {li.TARGET, li.LAST_YEAR, *wo.WORK_TABLES}
_SILENT_FIELDS = {"name_zh", "name_en", "plan_name_zh", "plan_name_en", "benchmark_ctr", "benchmark_cvr",
                  "last_year_repurchase_rate"}
_BY_FIELD = {
    "traffic_price": TRAFFIC_PRICE, "cpm": TRAFFIC_PRICE, "inflation": TRAFFIC_PRICE, "traffic_season": TRAFFIC_PRICE,
    "ctr": TRAFFIC_VOLUME, "cvr": CONVERSION, "aov": ORDER_VALUE, "repeat_value_factor": ORDER_VALUE,
    "refund_rate": REFUNDS, "goods_margin_rate": COSTS, "repurchase_rate": CUSTOMERS, "budget": BUDGET, "phasing": SPLIT,
    **{d.of_year("budget", y): BUDGET for y in d.LATER_YEARS},
}
_BY_TABLE = {
    li.PROMOTION: PROMOTIONS, li.TIMING: CUSTOMERS, li.OPENING: CUSTOMERS, li.TIER: CUSTOMERS, li.TEAM: OVERHEAD,
    li.INITIATIVE: INITIATIVES, li.EFFECT: INITIATIVES, li.SEASON: OTHER, li.MONTH: OTHER,
    **dict.fromkeys(ri.RISK_TABLES, RISK), ri.MITIGATION: INITIATIVES,
}
_BY_DRIVER_GROUP = {
    "traffic": TRAFFIC_VOLUME, "saturation": TRAFFIC_VOLUME, "conversion": CONVERSION, "price": ORDER_VALUE,
    "refunds": REFUNDS, "goods": COSTS, "platform": COSTS, "fulfilment": COSTS, "marketing": COSTS, "inventory": COSTS,
    "customers": CUSTOMERS, "budget": SPLIT, "overhead": OVERHEAD, "taxes": OTHER, "cash": OTHER, "frame": OTHER,
}


def group_of(address: str) -> str:
    """The group of the bridge that an address belongs to, "" where no result depends on it. Raises UnknownName.

    A whole row, one that comes or goes, belongs to its table: a channel to the split, a promotion to promotions.
    """
    a = split(address)
    if a.table in _SILENT_TABLES or a.field in _SILENT_FIELDS:
        return ""
    if a.table == d.CHANNEL and a.field in ("", "kind"):
        return SPLIT
    return _BY_FIELD.get(a.field) or _BY_TABLE.get(a.table) or _BY_DRIVER_GROUP[TABLES[a.table][a.field].group]


# --- players: what changes, and what can only change together -----------------------------------------------------

@dataclass(frozen=True, slots=True)
class Player:
    """addresses: that move together (a row's own where it comes or goes). moves: address -> the second one's value.

    drawn: address -> (first, second) where an evaluation's draws can carry them, numbers or by month (M, 1); empty where it
    takes a scenario.
    """

    group: str
    addresses: tuple[str, ...]
    moves: Mapping[str, Value]
    drawn: Mapping[str, tuple[float | np.ndarray, float | np.ndarray]]


def changed_addresses(a: Scenario, b: Scenario) -> list[str]:
    """Addresses at which results may differ; a row that comes, goes or turns into another kind as a whole."""
    out = []
    for table, row in all_rows((a, b)):
        before, after = (s.rows[table].get(row) for s in (a, b))
        if before is None or after is None or before.get("kind") != after.get("kind"):
            out.append(join(table, row, ""))
            continue
        out += [join(table, row, f) for f in TABLES[table]
                if not same(value_at(a, table, row, f), value_at(b, table, row, f))]
    return [address for address in out if group_of(address)]


def _bonds(a: Scenario, b: Scenario, changed: Sequence[str]) -> Iterator[list[str]]:
    """Changes that move together: apart they could break a rule between values (`rules.py`), or mean nothing."""
    def those(table: str, *fields: str) -> list[str]:
        return [x for x in changed if split(x).table == table and split(x).field in fields]

    # shares add up to one; one organic channel, one owned at most
    later = [d.of_year("share", y) for y in d.LATER_YEARS]
    yield those(d.CHANNEL, "share", *later, "")
    if those(d.CHANNEL, *later):              # a year's split comes with its budget
        yield [*those(d.CHANNEL, *later), *those(d.BUSINESS, *(d.of_year("budget", y) for y in d.LATER_YEARS))]
    yield those(li.TIER, "share", "")
    yield those(li.TIMING, "share", "")
    yield those(li.OPENING, *TABLES[li.OPENING], "")
    for field in TABLES[li.SEASON]:           # a curve is one thing: never all zero, complete or not said
        yield those(li.SEASON, field)
    # half of a window would be another season's, half of an effect another driver's
    together = [*those(d.CHANNEL, *(f for f in TABLES[d.CHANNEL] if f.startswith("phasing_"))),
                *those(li.PROMOTION, "first", "last"), *those(li.EFFECT, *TABLES[li.EFFECT])]
    for row in {split(x)[:2] for x in together}:
        yield [x for x in together if split(x)[:2] == row]
    yield those(d.BUSINESS, "start", "months")
    if "start" in changed:                    # another year: what stands at a certain month moves with it
        yield ["start", *those(li.INITIATIVE, "start"), *those(li.MONTH, "fill", "")]
    yield _risk(a, b, changed)
    if _most_for_promotions(a, b) > 1:
        yield those(li.PROMOTION, "on", "budget_share", "")
    for table, most in MAX_ROWS.items():
        if len(a.rows[table].keys() | b.rows[table].keys()) > most:
            yield those(table, "")
    for address in changed:                   # what names a row moves with it where the row comes or goes
        yield [address, *(x for x in _named(a, b, address) if x in changed)]


def _most_for_promotions(a: Scenario, b: Scenario) -> float:
    """The largest sum of the promotions' shares of the budget that any mix of the two could have."""
    keys = a.rows[li.PROMOTION].keys() | b.rows[li.PROMOTION].keys()
    rows = [[s.rows[li.PROMOTION][k] for s in (a, b) if k in s.rows[li.PROMOTION]] for k in keys]
    return sum(max(r.get("budget_share") or 0.0 for r in both) for both in rows if any(r.get("on", True) for r in both))


def _risk(a: Scenario, b: Scenario, changed: Sequence[str]) -> list[str]:
    """Rows about risk and what their rules (`risk_rules.py`) measure them against: named values and rows, the frame."""
    risk = [x for x in changed if group_of(x) == RISK]
    rows = [row for s in (a, b) for table in ri.RISK_TABLES for row in s.rows[table].values()]
    named = {str(row.get(field)) for row in rows for field in ("address", "a", "b")}
    named |= {join(d.CHANNEL, str(row.get("channel")), "") for row in rows}
    named |= {join(place.table, place.row, "") for x in named if (place := find(x))}
    return [*risk, *(x for x in changed if x in named or x in ("start", "months"))] if risk else []


def _named(a: Scenario, b: Scenario, address: str) -> Iterator[str]:
    """Addresses of the rows that a promotion, an effect or a mitigation names, before or after."""
    table, key, field = split(address)
    for row in (s.rows[table].get(key, {}) for s in (a, b)):
        if table == li.PROMOTION and field in ("", "channels"):
            yield from (join(d.CHANNEL, c, "") for c in covers(str(row.get("channels") or "all")) or ())
        if table == li.EFFECT and field in ("", "initiative", "channel"):
            yield from (join(t, str(row.get(t, "")), "") for t in (li.INITIATIVE, d.CHANNEL))
        if table == ri.MITIGATION and field in ("", "event"):
            yield join(ri.EVENT, str(row.get("event", "")), "")


def _together(changed: Sequence[str], bonds: Iterable[Sequence[str]]) -> list[list[str]]:
    """The changes in sets, joined wherever a bond has a member in both."""
    member = {address: [address] for address in changed}
    for bond in bonds:
        sets = {id(member[x]): member[x] for x in bond}
        joined = [x for one in sets.values() for x in one]
        member.update(dict.fromkeys(joined, joined))
    sets = {id(one): one for one in member.values()}
    order = {address: i for i, address in enumerate(changed)}
    return [sorted(one, key=lambda address: order[address]) for one in sets.values()]


def without_risk(scenario: Scenario) -> Scenario:
    """Without what only draws read: events are left in name, for the mitigations, which cost money in any case."""
    gone = {join(table, row, ""): REMOVED for table in ri.RISK_TABLES if table not in (ri.EVENT, ri.MITIGATION)
            for row in scenario.rows[table]}
    same_for_all = {join(ri.EVENT, row, f): 0.0 if f == "probability" else driver.default
                    for row in scenario.rows[ri.EVENT] for f, driver in TABLES[ri.EVENT].items()}
    same_for_all |= {join(ri.MITIGATION, row, f): 1.0 for row in scenario.rows[ri.MITIGATION]
                     for f in ("probability_factor", "effect_factor")}
    return scenario.with_values(gone | same_for_all) if gone or same_for_all else scenario


def players_between(a: Scenario, b: Scenario, changed: Sequence[str], one_by_one: bool) -> list[Player]:
    """In the order of the groups. A set across groups belongs to the row that the others name: a channel before all."""
    out = []
    for addresses in _together(changed, _bonds(a, b, changed)):
        groups = {group_of(x) for x in addresses}
        group = next((g for g in (SPLIT, OTHER, INITIATIVES) if g in groups), min(groups, key=BRIDGE_GROUPS.index))
        moves = {k: v for x in addresses for k, v in _moves(a, b, x).items()}
        drawn = {} if one_by_one or not all(map(_drawable, addresses)) else {
            x: (_number_at(a, x), _number_at(b, x)) for x in addresses}
        out.append(Player(group, tuple(addresses), moves, drawn))
    return sorted(out, key=lambda p: BRIDGE_GROUPS.index(p.group))


def _drawable(address: str) -> bool:
    """Whether draws can carry it exactly (`engine.values`); not a share of the budget, which a plan scales to one."""
    table, _, field = split(address)
    if not field or table in (li.OPENING, li.TIMING, *ri.RISK_TABLES) or field in ("months", "ramp_months") or "phasing" in field:
        return False
    return TABLES[table][field].unit.is_number and not (table == d.CHANNEL and field.startswith("share"))


def _moves(a: Scenario, b: Scenario, address: str) -> dict[str, Value]:
    """What to set in `a` for it to be as in `b` at an address; a row with every field that either one says."""
    table, row, field = split(address)
    if field:
        return {address: b.get(address)}
    if row not in b.rows[table]:
        return {address: REMOVED}
    said = set().union(*(rows[table].get(row, {}) for rows in (a.base.rows, a.rows, b.rows)))
    return {x: b.get(x) for x in (join(table, row, f) for f in TABLES[table] if f in said)}


def mixed(scenario: Scenario, players: Iterable[Player]) -> Scenario:
    """The scenario with the changes of these players."""
    changes = dict(scenario.changes)
    for address, value in (move for p in players for move in p.moves.items()):
        table, row, field = split(address)
        if field:
            changes.pop(join(table, row, ""), None)  # a row that the base has and `scenario` took out comes back
        else:
            changes = {k: v for k, v in changes.items() if not k.startswith(address + ".")}
        changes[address] = value
    return Scenario(scenario.base, scenario.name, "", tuple(changes.items()))
