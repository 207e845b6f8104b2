"""What the editor of rows cannot know from a driver alone: what a cell may choose from, how a new row starts, and which
other rows go with one that is copied or removed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from statistics import median
from typing import Any

from model import KPIS, Scenario, kpi
from model.engine.kpis import YEAR, find_period
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import risks as ri
from model.plan import work as wo
from model.plan.rules import adjustable_drivers, day_of
from model.plan.schema import TABLES, Address, Driver, Row, Value, driver_of, find, split
from model.units import Unit
from pages.ui.kit.formats import month
from pages.ui.kit.texts import has, listed, name_of, t
from pages.ui.rows import steps
from pages.ui.session import results
from pages.ui.words.channel_names import channel_words
from pages.ui.words.driver_labels import adjustable_label
from pages.ui.words.periods import period_name
from pages.ui.words.place_names import correlate_name, place_name

ALL = "all"
#: tables of shocks to drivers, and tables whose rows belong to another's
_SHOCKS = (ri.EVENT_EFFECT, ri.STRESS_EFFECT)
_OWNERS = {ri.EVENT_EFFECT: ri.EVENT, ri.MITIGATION: ri.EVENT, ri.STRESS_EFFECT: ri.STRESS}
#: tables whose rows others name, beside channels
REFERRED = (li.INITIATIVE, ri.EVENT, ri.STRESS)
#: who does a piece of work
OWNER = "owner"
#: numbers of a distribution that count in the unit of the driver it is for
IN_ITS_UNIT = frozenset(field for fields in ri.FIELDS_OF.values() for field in fields)
#: monthly cost of a new position where the plan has none yet, in yuan
_FIRST_SALARY = 10_000.0


# --- what a cell may choose from ---------------------------------------------------------------------------------------

def months_of(scenario: Scenario) -> tuple[str, ...]:
    return results.result_of(scenario).months


def periods_of(scenario: Scenario) -> list[str]:
    """Every period on which a target may be set in this plan."""
    months = months_of(scenario)
    years = [f"year{y}" if y > 1 else "year" for y in (1, 2, 3)]
    quarters = [f"Q{q}" for q in range(1, 13)]
    return [p for p in (*years, *quarters, *months) if find_period(p, months) is not None]


def options(scenario: Scenario, a: Address) -> list[str] | None:
    """The values that a cell may take, None where it is free."""
    driver = TABLES[a.table][a.field]
    known: dict[tuple[str, str], Callable[[], list[str]]] = {
        (li.TARGET, "period"): lambda: periods_of(scenario),
        (li.EFFECT, "driver"): lambda: list(adjustable_drivers()),
        (li.EFFECT, "channel"): lambda: [ALL, *scenario.rows[d.CHANNEL]],
        (li.EFFECT, "initiative"): lambda: list(scenario.rows[li.INITIATIVE]),
        (li.PROMOTION, "channels"): lambda: list(scenario.rows[d.CHANNEL]),
        (wo.ACTIVITY, "channel"): lambda: [ALL, *scenario.rows[d.CHANNEL]],
        **{(table, OWNER): partial(list, scenario.rows[li.TEAM]) for table in (wo.ACTIVITY, wo.TASK)},
        **{(table, "driver"): lambda: list(adjustable_drivers()) for table in _SHOCKS},
        **{(table, "channel"): lambda: [ALL, ri.PAID_ONLY, *scenario.rows[d.CHANNEL]] for table in _SHOCKS},
        **{(table, owner): partial(list, scenario.rows[owner]) for table, owner in _OWNERS.items()},
    }
    if (a.table, a.field) in known:
        return known[a.table, a.field]()
    return list(months_of(scenario)) if driver.unit.kind == "month" else list(driver.options) or None


def free(a: Address) -> bool:
    """Whether a cell may say something else than its options: who does a piece of work is a position of the team or any name."""
    return a.field == OWNER


def several(a: Address) -> bool:
    """Whether a cell holds any number of its options."""
    return (a.table, a.field) == (li.PROMOTION, "channels")


def word(scenario: Scenario, a: Address, option: str) -> str:
    """An option as people read it."""
    if a.field == "kpi":
        return t(f"kpi.{option}.label")
    if a.field == "driver":
        return adjustable_label(option)
    if a.field in ("channel", "channels"):
        return t("risk.paid_channels") if option == ri.PAID_ONLY and a.table in _SHOCKS else channel_words(scenario, option)
    if a.field == OWNER:
        return name_of(scenario.rows[li.TEAM], option) if option in scenario.rows[li.TEAM] else option
    if a.field in REFERRED:
        return name_of(scenario.rows[a.field], option)
    if a.field in ("period", "start"):
        return period_name(option, scenario.get("months"))
    text = f"choice.{a.field}.{option}.label"
    return t(text) if has(text) else option


def names_of(scenario: Scenario, key: str, a: Address | None = None) -> list[str]:
    """Names in any language of the row that an option is the key of. a: the cell that it is an option of."""
    tables = (li.TEAM,) if a is not None and a.field == OWNER else (d.CHANNEL, *REFERRED)
    rows = (scenario.rows[table].get(key, {}) for table in tables)
    return [str(row[f]) for row in rows for f in steps.NAMES if row.get(f)]


def unit_of(scenario: Scenario, a: Address) -> Unit:
    """The unit of a cell; a target's value has that of its KPI, a distribution's points that of the driver it is for."""
    if (a.table, a.field) == (li.TARGET, "value"):
        return KPIS[scenario.get(f"target.{a.row}.kpi")].unit
    return unit_in(scenario.rows[a.table].get(a.row, {}), TABLES[a.table][a.field])


def unit_in(row: Row, driver: Driver) -> Unit:
    """The same of a row that may not be the plan's yet."""
    of = find(str(row.get("address"))) if driver.per == ri.DISTRIBUTION and driver.key in IN_ITS_UNIT else None
    return driver_of(str(row["address"])).unit if of and of.field else driver.unit


def unit_at(scenario: Scenario, address: str) -> Unit:
    """The same of an address."""
    return unit_of(scenario, split(address))


def row_name(scenario: Scenario, table: str, key: str) -> str:
    """What a row is called; one that has no name by what it is of."""
    row = scenario.rows[table].get(key, {})
    if table == li.TARGET:
        period = period_name(row.get("period", YEAR), scenario.get("months"))
        return t("plan.pair", first=t(f"kpi.{row['kpi']}.label"), second=period)
    if table == li.EFFECT:
        return t("plan.pair", first=adjustable_label(row["driver"]), second=channel_words(scenario, row.get("channel", ALL)))
    if table == li.SEASON:
        return month(f"2000-{key}")
    if table == li.OPENING:
        return listed(t(f"choice.{f}.{row[f]}.label") for f in ("group", "depth", "band"))
    if table in _SHOCKS:
        return t("plan.pair", first=name_of(scenario.rows[_OWNERS[table]], row[_OWNERS[table]]),
                 second=adjustable_label(row["driver"]))
    if table == ri.CORRELATION:
        return t("plan.pair", first=correlate_name(scenario, row["a"]), second=correlate_name(scenario, row["b"]))
    return place_name(row["address"], scenario) if table == ri.DISTRIBUTION else name_of(scenario.rows[table], key)


# --- new, copied and removed rows --------------------------------------------------------------------------------------

def free_key(scenario: Scenario, table: str, wish: str, taken: Collection[str] = ()) -> str:
    """A key that no row has or had: a removed row of the base plan keeps its key."""
    return steps.first_free(wish, {*scenario.taken_keys(table), *taken}, "-")


def new_row(scenario: Scenario, table: str, owner: str = "") -> dict[str, Value]:
    """Fields of a new row: valid, and without effect until it is filled in."""
    makers: dict[str, Callable[[Scenario], dict[str, Value]]] = {
        li.PROMOTION: _new_promotion, li.TEAM: _new_team, li.INITIATIVE: _new_initiative,
        li.EFFECT: lambda _: {"initiative": owner, "driver": "cvr", "channel": ALL, "effect": 0.0},
        li.TARGET: _new_target}
    fields = makers[table](scenario)
    if "name_zh" in TABLES[table]:
        label = t("rows.new_name", what=t(f"rows.{table}"), count=len(scenario.rows[table]) + 1)
        fields = {"name_zh": label, "name_en": label, **fields}
    return fields


def _new_promotion(scenario: Scenario) -> dict[str, Value]:
    """A week in the first month of the plan in which no promotion begins or ends."""
    busy = {day_of(p[end])[0] for p in scenario.rows[li.PROMOTION].values() for end in ("first", "last")}
    month_ = next((m[5:] for m in months_of(scenario) if int(m[5:]) not in busy), "01")
    return {"on": True, "first": f"{month_}-10", "last": f"{month_}-16", "channels": ALL}


def _new_team(scenario: Scenario) -> dict[str, Value]:
    costs = [row.get("monthly_cost", 0.0) for row in scenario.rows[li.TEAM].values()]
    return {"heads": 1.0, "monthly_cost": float(median(costs)) if costs else _FIRST_SALARY}


def _new_initiative(scenario: Scenario) -> dict[str, Value]:
    return {"on": True, "start": months_of(scenario)[0], "ramp_months": 1}


def _new_target(scenario: Scenario) -> dict[str, Value]:
    """The first KPI that has no yearly target yet."""
    have = {row["kpi"] for row in scenario.rows[li.TARGET].values() if row.get("period", "year") == "year"}
    key = next((k for k in ("net_profit", *li.TARGET_KPIS) if k not in have), "net_profit")
    return {"kpi": key, "period": "year", "value": reached(scenario, key, "year")}


def reached(scenario: Scenario, key: str, period: str) -> float:
    """What the plan reaches of a KPI, as a figure to start a target from; 0 where it is undefined."""
    result = results.result_of(scenario)
    span = find_period(period, result.months)
    value = float(kpi(result, key, span)[0]) if span is not None else 0.0
    if value != value:
        return 0.0
    return round(value, 4 if KPIS[key].unit.scale == 100 else KPIS[key].unit.decimals)


def parts_of(scenario: Scenario, table: str, key: str) -> list[str]:
    """Effects that belong to an initiative: copied and removed with it."""
    rows = scenario.rows[li.EFFECT].items() if table == li.INITIATIVE else ()
    return [e for e, row in rows if row["initiative"] == key]


def follow(scenario: Scenario, a: Address, value: Any) -> dict[str, Value]:
    """What changes with a cell: a target's figure, where its new KPI is counted in another unit."""
    if (a.table, a.field) != (li.TARGET, "kpi") or KPIS[value].unit == KPIS[scenario.get(f"target.{a.row}.kpi")].unit:
        return {}
    return {f"target.{a.row}.value": reached(scenario, value, scenario.get(f"target.{a.row}.period"))}


def owned_by(scenario: Scenario, table: str, key: str) -> dict[str, Value]:
    """Work of a position that goes: it keeps the position's name."""
    name = name_of(scenario.rows[table], key)
    return {f"{work}.{k}.{OWNER}": name for work in (wo.ACTIVITY, wo.TASK) for k, row in scenario.rows[work].items()
            if table == li.TEAM and row.get(OWNER) == key}
