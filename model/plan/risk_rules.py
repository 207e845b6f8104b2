"""What the rows about risk must satisfy; part of `rules.check_between`. Every rule returns violations and names the row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from model.errors import Violation, shown
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import risks as ri
from model.plan.schema import (
    ONLY,
    TABLES,
    Row,
    Rows,
    adjustable_drivers,
    applies,
    driver_of,
    find,
    is_month,
    month_number,
    said,
    value_at,
)

#: tables whose numbers may be uncertain, and fields in them that may not: they fix the frame or must add up to one
UNCERTAIN_TABLES = (d.BUSINESS, d.HEADLINE, d.CHANNEL, li.SEASON, li.PROMOTION, li.TIER, li.TEAM, li.INITIATIVE, li.EFFECT)
CERTAIN_FIELDS = frozenset({"months", "ramp_months", "share", *(d.of_year("share", y) for y in d.LATER_YEARS),
                            "last_year_repurchase_rate", "phasing"})
#: a three-point metalog with its median nearer than this to the 10 % or 90 % point (as a share of the way between
#: them) is no distribution: Keelin (2016), The Metalog Distributions, Decision Analysis 13(4), section 4.1
METALOG_SKEW = 0.16658


def uncertain(rows: Rows, address: object) -> bool:
    """Whether an address names a number of this plan that may carry a distribution."""
    a = find(address) if isinstance(address, str) else None
    if a is None or a.table not in UNCERTAIN_TABLES or a.row not in rows.get(a.table, {}) or not a.field:
        return False
    driver = TABLES[a.table][a.field]
    fixed = a.field in CERTAIN_FIELDS or a.field.startswith(("phasing_", "benchmark_"))
    return driver.unit.is_number and not fixed and applies(driver, rows[a.table][a.row])


def form_of(row: Row) -> str | None:
    """Which of its family's forms a distribution's row is filled in for, None where for none."""
    for form in ri.FORMS.get(row.get("family", ri.SPREAD), ()):
        needed = [f for f in ri.FIELDS_OF[form] if f != ri.MIDDLE_OF[form]]
        if all(row.get(f) is not None for f in needed):
            return form
    return None


def numbers_of(rows: Rows, row: Row) -> dict[str, Any]:
    """The numbers of a distribution's form, its middle one the plan's value where the row leaves it out."""
    form = form_of(row)
    if form is None:
        return {}
    out = {f: row.get(f) for f in ri.FIELDS_OF[form]}
    if out[ri.MIDDLE_OF[form]] is None:
        out[ri.MIDDLE_OF[form]] = value_at(rows, row["address"])
    return out


def _distributions(rows: Rows) -> Iterable[Violation]:
    out: list[Violation] = []
    seen: dict[Any, str] = {}
    for key, row in rows.get(ri.DISTRIBUTION, {}).items():
        place, address = f"distribution.{key}", row.get("address")
        if not uncertain(rows, address):
            out.append(Violation("not_uncertain", f"{place}.address", shown(address)))
            continue
        if address in seen:
            out.append(Violation("duplicate_row", f"{place}.address", f"distribution.{seen[address]}"))
        seen[address] = key
        out += _one_distribution(rows, place, row)
    return out


def _one_distribution(rows: Rows, place: str, row: Row) -> list[Violation]:
    forms = ri.FORMS.get(row.get("family", ri.SPREAD))
    if not forms:
        return []
    form = form_of(row)
    if form is None:
        say = "; ".join(", ".join(ri.FIELDS_OF[f]) for f in forms)
        return [Violation("incomplete_distribution", f"{place}.family", shown(row["family"]), say)]
    numbers = numbers_of(rows, row)
    if None in numbers.values():
        return [Violation("missing_value", f"{place}.{ri.MIDDLE_OF[form]}")]
    checks: dict[str, Callable[..., list[Violation]]] = {ri.RANGE: _range, ri.MOMENTS: _moments, ri.POINTS: _points}
    return checks[form](place, row["family"], driver_of(row["address"]), **numbers)


def _range(place, family, driver, low, likely, high) -> list[Violation]:
    out = ordered(place, "low", low, "likely", likely, "high", high)
    if out or low < driver.high and high > driver.low:
        return out
    return [Violation("outside_bounds", f"{place}.low", f"{low:g} … {high:g}", f"{driver.low:g} … {driver.high:g}")]


def ordered(place, first, low, middle, likely, last, high) -> list[Violation]:
    """low ≤ likely ≤ high, and low < high; each broken rule names its field."""
    if low > high:
        return [Violation("low_above_high", f"{place}.{first}", f"{low:g}", f"≤ {high:g}")]
    if not low <= likely <= high:
        return [Violation("likely_outside", f"{place}.{middle}", f"{likely:g}", f"{low:g} … {high:g}")]
    return [] if low < high else [Violation("no_width", f"{place}.{last}", f"{high:g}", f"> {low:g}")]


def _moments(place, family, driver, mean, deviation) -> list[Violation]:
    if deviation <= 0:
        return [Violation("no_width", f"{place}.deviation", f"{deviation:g}", "> 0")]
    if family == ri.LOGNORMAL and mean <= 0:
        return [Violation("not_positive", f"{place}.mean", f"{mean:g}", "> 0")]
    if not driver.low < mean < driver.high:
        return [Violation("outside_bounds", f"{place}.mean", f"{mean:g}", f"{driver.low:g} … {driver.high:g}")]
    widest = ((mean - driver.low) * (driver.high - mean)) ** 0.5
    if family == ri.BETA and deviation >= widest:
        return [Violation("deviation_too_large", f"{place}.deviation", f"{deviation:g}", f"< {widest:g}")]
    return []


def _points(place, family, driver, p10, p50, p90) -> list[Violation]:
    if p10 >= p90:
        return [Violation("low_above_high", f"{place}.p10", f"{p10:g}", f"< {p90:g}")]
    if family == ri.LOGNORMAL and p10 <= 0:
        return [Violation("not_positive", f"{place}.p10", f"{p10:g}", "> 0")]
    if not p10 <= driver.high or not p90 >= driver.low:
        return [Violation("outside_bounds", f"{place}.p10", f"{p10:g} … {p90:g}", f"{driver.low:g} … {driver.high:g}")]
    if family != ri.METALOG:
        return []
    edge = METALOG_SKEW * (p90 - p10)
    if p10 + edge < p50 < p90 - edge:
        return []
    code = "likely_outside" if not p10 <= p50 <= p90 else "points_too_skewed"
    return [Violation(code, f"{place}.p50", f"{p50:g}", f"{p10 + edge:g} … {p90 - edge:g}")]


def correlated(rows: Rows, name: object) -> bool:
    """Whether a correlation may name this: an uncertain address, or the key of a driver that several rows have."""
    keyed = (d.CHANNEL, li.PROMOTION, li.TIER)
    return uncertain(rows, name) or any(name in TABLES[t] and TABLES[t][name].unit.is_number for t in keyed)


def _correlations(rows: Rows) -> Iterable[Violation]:
    out: list[Violation] = []
    seen: dict[frozenset, str] = {}
    for key, row in rows.get(ri.CORRELATION, {}).items():
        place, pair = f"correlation.{key}", (row.get("a"), row.get("b"))
        out += [Violation("not_uncertain", f"{place}.{side}", shown(name))
                for side, name in zip("ab", pair, strict=True) if not correlated(rows, name)]
        if pair[0] == pair[1] and uncertain(rows, pair[0]):
            out.append(Violation("with_itself", f"{place}.b", shown(pair[1])))
        if frozenset(pair) in seen:
            out.append(Violation("duplicate_row", place, f"correlation.{seen[frozenset(pair)]}"))
        seen[frozenset(pair)] = key
    return out


def _frame(rows: Rows) -> tuple[int, int] | None:
    """Numbers of the plan's first and last month; None where the frame itself is broken."""
    frame = rows.get(d.BUSINESS, {}).get(ONLY, {})
    start, months = frame.get("start", "2027-01"), frame.get("months", 12)
    if not is_month(start) or isinstance(months, bool) or not isinstance(months, int):
        return None
    return month_number(start), month_number(start) + months - 1


def _windows(rows: Rows) -> Iterable[Violation]:
    """First and last month of events and stress effects: in order, and not after the plan's end."""
    frame, out = _frame(rows), []
    if frame is None:
        return []
    for table in (ri.EVENT, ri.STRESS_EFFECT):
        for key, row in rows.get(table, {}).items():
            first, last, place = row.get("first"), row.get("last"), f"{table}.{key}"
            if is_month(first) and month_number(first) > frame[1]:  # a shock that never comes only has no effect
                level = "error" if table == ri.EVENT else "warning"
                out.append(Violation("after_last_month", f"{place}.first", first, f"≤ {_month(frame[1])}", level))
            if is_month(first) and is_month(last) and first > last:
                out.append(Violation("last_before_first", f"{place}.last", last, f"≥ {first}"))
            if is_month(last) and month_number(last) < frame[0]:
                out.append(Violation("outside_plan", f"{place}.last", last, "", "warning"))
    return out


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"


def _events(rows: Rows) -> Iterable[Violation]:
    out = []
    for key, row in rows.get(ri.EVENT, {}).items():
        low, likely, high = (said(row, TABLES[ri.EVENT][f]) for f in ri.LENGTHS)
        if low != high or likely != low:  # the same three times is a length that is known
            out += ordered(f"event.{key}", "length_low", low, "length_likely", likely, "length_high", high)
    return out


def _owners(rows: Rows) -> Iterable[Violation]:
    """Effects and mitigations name an event or a stress test that there is."""
    out = []
    for table, owner in ((ri.EVENT_EFFECT, ri.EVENT), (ri.MITIGATION, ri.EVENT), (ri.STRESS_EFFECT, ri.STRESS)):
        known = rows.get(owner, {})
        for key, row in rows.get(table, {}).items():
            if row.get(owner) not in known:
                out.append(Violation("unknown_reference", f"{table}.{key}.{owner}", shown(row.get(owner)),
                                     ", ".join(known)[:120]))
    return out


def _shocks(rows: Rows) -> Iterable[Violation]:
    """Effects name an adjustable driver and a channel; their sizes are in order, either way round."""
    out, can, channels = [], adjustable_drivers(), rows.get(d.CHANNEL, {})
    for table in (ri.EVENT_EFFECT, ri.STRESS_EFFECT):
        for key, row in rows.get(table, {}).items():
            place, channel = f"{table}.{key}", row.get("channel", ri.ALL)
            if row.get("driver") not in can:
                out.append(Violation("not_adjustable", f"{place}.driver", shown(row.get("driver")), ", ".join(can)[:200]))
            if channel not in (ri.ALL, ri.PAID_ONLY) and channel not in channels:
                out.append(Violation("unknown_reference", f"{place}.channel", shown(channel), "all, paid"))
            out += _sizes(place, row)
    return out


def _sizes(place: str, row: Row) -> list[Violation]:
    likely = row.get("likely")
    if likely is None:
        return []
    mild, severe = (likely if row.get(f) is None else row[f] for f in ("mild", "severe"))
    if min(mild, severe) <= likely <= max(mild, severe):
        return []
    return [Violation("likely_outside", f"{place}.likely", f"{likely:g}", f"{mild:g} … {severe:g}")]


RISK_RULES = (_distributions, _correlations, _windows, _events, _owners, _shocks)
