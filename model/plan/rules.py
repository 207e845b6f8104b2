"""What a plan must satisfy. Every check returns violations, all of them, and never raises."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import islice

from model.errors import Violation, shown
from model.plan import drivers as d
from model.plan import lists as li
from model.plan.risk_rules import RISK_RULES
from model.plan.schema import (
    MAX_ROWS,
    ONLY,
    SINGLE,
    TABLES,
    Row,
    Rows,
    adjustable_drivers,
    applies,
    close_to,
    find,
    is_month,
    join,
    keys_of,
    month_number,
    spending_channels,
    valid_key,
)

TEXT_LIMIT = 200
#: no plan goes on after it: months have keys up to here
LAST_MONTH = "2100-12"
SHARE_TOLERANCE = 1e-6
#: unknown addresses that are reported one by one: a suggestion for each of a file's many would take minutes
MAX_REPORTED = 200
#: a month sells nothing or at least this: the same spend on next to no demand would be an endless one
LEAST_SEASON = 0.001
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def check_value(driver: d.Driver, place: str, value: object) -> list[Violation]:
    """The violations of one value against its row."""
    if value is None:
        missing = driver.default is None and not driver.optional
        return [Violation("missing_value", place, "", allowed(driver))] if missing else []
    kind = driver.unit.kind
    if kind == "number":
        return _check_number(driver, place, value)
    if kind == "flag":
        return [] if isinstance(value, bool) else [Violation("not_a_flag", place, shown(value), "true, false")]
    if not isinstance(value, str):
        return [Violation("not_text", place, shown(value))]
    return _check_text(driver, place, value)


def _check_number(driver, place, value) -> list[Violation]:
    say = shown(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        per_cent = isinstance(value, str) and value.rstrip().endswith(("%", "％", "‰"))
        code = "no_per_cent" if per_cent and driver.unit.scale == 1 else "not_a_number"
        return [Violation(code, place, say, allowed(driver))]
    if isinstance(value, int) and abs(value) > 10**18 or not math.isfinite(value):
        return [Violation("not_finite", place, say, allowed(driver))]
    if driver.unit.whole and value != int(value):
        return [Violation("not_whole", place, say, allowed(driver))]
    if value < driver.low:
        return [Violation("too_low", place, say, allowed(driver))]
    if value > driver.high:
        return [Violation("too_high", place, say, allowed(driver))]
    if driver.soft and not driver.soft[0] <= value <= driver.soft[1]:
        code = "unusual_low" if value < driver.soft[0] else "unusual_high"
        return [Violation(code, place, say, f"{driver.soft[0]:g} … {driver.soft[1]:g}", "warning")]
    return []


#: what no text may hold: controls, halves of characters, line and paragraph ends, and marks that turn the direction of
#: writing. Other signs that cannot be seen stay: they join emoji and come with texts from the web and from Word.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def fit(text: str) -> bool:
    """Whether a text of one line may stand in a plan, a file and a draft."""
    return not _UNFIT.search(text)


def clean(text: str) -> str:
    """A text as one line that can be kept everywhere: without what is not `fit`."""
    return _UNFIT.sub("", " ".join(text.split("\n")).replace("\t", " "))


def _check_text(driver, place, value) -> list[Violation]:
    say = shown(value)
    if len(value) > TEXT_LIMIT:
        return [Violation("text_too_long", place, say, f"≤ {TEXT_LIMIT}")]
    if not fit(value):
        return [Violation("bad_text", place, say)]
    kind = driver.unit.kind
    if kind == "choice" and value not in driver.options:
        return [Violation("not_a_choice", place, say, ", ".join(driver.options))]
    if kind == "day" and parse_day(value) is None:
        return [Violation("not_a_day", place, say, "01-01 … 12-31")]
    if kind == "date" and not is_date(value):
        return [Violation("not_a_date", place, say, "2027-03-15")]
    if kind == "month" and not is_month(value):
        return [Violation("not_a_month", place, say, f"2000-01 … {LAST_MONTH}")]
    return []


def allowed(driver: d.Driver) -> str:
    """What may stand at a driver, as text."""
    if driver.unit.kind == "choice":
        return ", ".join(driver.options)
    return f"{driver.low:g} … {driver.high:g}" if driver.unit.is_number else driver.unit.kind


def parse_day(text: str) -> tuple[int, int] | None:
    """(month, day) of "MM-DD", None unless the day exists in every year."""
    parts = text.split("-")
    if len(parts) != 2 or not all(p.isascii() and p.isdigit() and len(p) == 2 for p in parts):
        return None
    month, day = int(parts[0]), int(parts[1])
    return (month, day) if 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1] else None


def is_date(text: str) -> bool:
    """Whether a text is a day of a certain year, "YYYY-MM-DD", in a month that plans know."""
    if not is_month(text[:7]) or text[7:8] != "-":
        return False
    year = int(text[:4])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return parse_day(text[5:]) is not None or leap and text[5:] == "02-29"


def parse_period(text: object) -> bool:
    """Whether a target's period has the right form: year, year2, year3, Q1 … Q12 or YYYY-MM."""
    years = {"year", "year2", "year3"}
    quarters = {f"Q{q}" for q in range(1, 13)}
    return text in years or text in quarters or is_month(text)


def day_of(text: str) -> tuple[int, int]:
    """(month, day) of a day that was checked before. Raises ValueError."""
    found = parse_day(text)
    if found is None:
        raise ValueError(f"no day of every year: {text}")
    return found


def covers(channels: str) -> tuple[str, ...] | None:
    """Channel keys that a promotion covers; None for all."""
    keys = tuple(k.strip() for k in channels.replace("；", ";").split(";") if k.strip())
    return None if not keys or keys == ("all",) else keys


def check_address(address: str) -> Violation | None:
    """The violation of an address that names nothing, or None."""
    if find(address) is not None:
        return None
    table, _, rest = address.partition(".")
    key = rest.partition(".")[0]
    if rest and table in TABLES and table not in SINGLE and not valid_key(table, key):
        return Violation("bad_key", shown(address), shown(key), keys_of(table))
    near = close_to(address)
    code = "unknown_field" if not rest or table in TABLES else "unknown_table"
    return Violation(code, shown(address), shown(address), f"{near}?" if near else "")


#: what may be wrong with a value that its row does not use: it is no value of its driver at all
_KIND_CODES = frozenset({"not_a_number", "no_per_cent", "not_finite", "not_whole", "not_a_flag", "not_text", "text_too_long",
                         "bad_text", "not_a_choice", "not_a_day", "not_a_month", "not_a_date"})


def check_field(driver: d.Driver, place: str, value: object, row: Row) -> list[Violation]:
    """The violations of a value in its row: where the row's kind does not have the driver, bounds do not matter, nor
    whether it is there; but text stays no number."""
    if applies(driver, row):
        return check_value(driver, place, value)
    return [] if value is None else [v for v in check_value(driver, place, value) if v.code in _KIND_CODES]


def check_addresses(addresses: Iterable[str]) -> list[Violation]:
    """The violations of the addresses that name nothing: the first MAX_REPORTED with a suggestion, the rest counted."""
    unknown = [a for a in addresses if find(a) is None]
    out = [violation for a in unknown[:MAX_REPORTED] if (violation := check_address(a))]
    if len(unknown) > MAX_REPORTED:
        out.append(Violation("and_more", shown(unknown[MAX_REPORTED]), str(len(unknown) - MAX_REPORTED)))
    return out


def check_row(table: str, key: str, row: Row) -> list[Violation]:
    """The violations of every value of a row, those that it lacks too."""
    return [v for field, driver in TABLES[table].items()
            for v in check_field(driver, join(table, key, field), row.get(field), row)]


def check_rows(rows: Rows) -> list[Violation]:
    """All violations of a whole plan: each value, then the rules between values.

    Rows beyond what a table may have are counted and not looked at: a file of many thousands would take seconds.
    """
    most = {table: dict(islice(rows.get(table, {}).items(), MAX_ROWS.get(table))) for table in TABLES}
    out = [v for table in TABLES for key, row in most[table].items() for v in check_row(table, key, row)]
    return out + (_counts(rows) or check_between(rows))


def check_between(rows: Rows) -> list[Violation]:
    """The rules that more than one value takes part in."""
    rules = (_counts, _kinds, _shares, _promotions, _series, _tiers, _effects, _targets, _months, *RISK_RULES)
    out: list[Violation] = []
    for rule in rules:
        try:
            out += rule(rows)
        except (TypeError, ValueError, OverflowError):  # a value of the wrong type, already reported by its own check
            continue
    return out


def _counts(rows: Rows) -> list[Violation]:
    return [Violation("too_many_rows", t, str(len(rows.get(t, {}))), f"≤ {n}")
            for t, n in MAX_ROWS.items() if len(rows.get(t, {})) > n]


def _kinds(rows: Rows) -> Iterable[Violation]:
    kinds = [r.get("kind") for r in rows.get(d.CHANNEL, {}).values()]
    out = []
    if kinds.count(d.ORGANIC) != 1:
        out.append(Violation("not_exactly_one", "channel.*.kind", f"{kinds.count(d.ORGANIC)} × organic", "1 × organic"))
    if kinds.count(d.OWNED) > 1:
        out.append(Violation("more_than_one", "channel.*.kind", f"{kinds.count(d.OWNED)} × owned", "≤ 1 × owned"))
    return out


def _shares(rows: Rows) -> Iterable[Violation]:
    spending = spending_channels(rows)
    if not spending:
        return []
    out = []
    for field in ("share", *(d.of_year("share", year) for year in d.LATER_YEARS)):
        given = [rows[d.CHANNEL][c].get(field) for c in spending]
        total = sum(share or 0.0 for share in given)
        silent = field != "share" and all(share is None for share in given)
        if abs(total - 1) > SHARE_TOLERANCE and not silent:
            out.append(Violation("shares_not_one", f"channel.*.{field}", f"{total:.6g}", "1"))
        budget = field.replace("share", "budget")
        if not silent and field != "share" and rows.get(d.BUSINESS, {}).get(ONLY, {}).get(budget) is None:
            out.append(Violation("missing_value", budget))  # whose split it is; else it would follow the first year's budget
    return out


def _promotions(rows: Rows) -> Iterable[Violation]:
    out, channels = [], rows.get(d.CHANNEL, {})
    promotions = rows.get(li.PROMOTION, {})
    total = sum(p.get("budget_share") or 0.0 for p in promotions.values() if p.get("on", True))
    if total > 1 + SHARE_TOLERANCE:
        out.append(Violation("shares_above_one", "promotion.*.budget_share", f"{total:.6g}", "≤ 1"))
    for key, p in promotions.items():
        for c in covers(str(p.get("channels") or "all")) or ():
            if c not in channels:
                out.append(Violation("unknown_reference", f"promotion.{key}.channels", shown(c), ", ".join(channels)))
    return out


def _series(rows: Rows) -> Iterable[Violation]:
    out = []
    season = rows.get(li.SEASON, {})
    missing = [f"{m:02d}" for m in range(1, 13) if f"{m:02d}" not in season]
    out += [Violation("missing_row", f"season.{m}") for m in missing]
    for field in ("season", "traffic_season"):
        if season and not any((r.get(field, 1.0) or 0.0) > 0 for r in season.values()):
            out.append(Violation("all_zero", f"season.*.{field}"))
    out += [Violation("too_low", f"season.{m}.season", shown(r["season"]), f"0, {LEAST_SEASON:g} … 100")
            for m, r in season.items() if 0 < r.get("season", 1.0) < LEAST_SEASON]
    out += _weights([r.get("phasing") for r in season.values()], "season.*.phasing")
    for key, row in rows.get(d.CHANNEL, {}).items():
        for year in (1, *d.LATER_YEARS):
            own = [row.get(d.of_year(field, year)) for field in d.PHASING]
            needed = year == 1 and row.get("phasing_mode", "plan") != "plan"
            out += _weights(own, f"channel.{key}.{d.of_year('phasing_*', year)}", needed)
    timing = rows.get(li.TIMING, {})
    if timing:
        total = sum(r.get("share") or 0.0 for r in timing.values())
        if abs(total - 1) > SHARE_TOLERANCE:
            out.append(Violation("shares_not_one", "timing.*.share", f"{total:.6g}", "1"))
    return out


def _weights(values: list, place: str, needed: bool = False) -> list[Violation]:
    given = [v for v in values if v is not None]
    if not given and not needed:
        return []
    if len(given) != len(values):
        return [Violation("incomplete_series", place, f"{len(given)} / {len(values)}", f"{len(values)}")]
    return [] if any(v > 0 for v in given) else [Violation("all_zero", place)]


def _tiers(rows: Rows) -> Iterable[Violation]:
    tiers = rows.get(li.TIER, {})
    total = sum(t.get("share") or 0.0 for t in tiers.values())
    if tiers and abs(total - 1) > SHARE_TOLERANCE:
        return [Violation("shares_not_one", "tier.*.share", f"{total:.6g}", "1")]
    return []


def _effects(rows: Rows) -> Iterable[Violation]:
    out, can = [], adjustable_drivers()
    for key, e in rows.get(li.EFFECT, {}).items():
        place = f"effect.{key}"
        if e.get("initiative") not in rows.get(li.INITIATIVE, {}):
            known = ", ".join(rows.get(li.INITIATIVE, {}))
            out.append(Violation("unknown_reference", f"{place}.initiative", shown(e.get("initiative")), known[:120]))
        if e.get("driver") not in can:
            out.append(Violation("not_adjustable", f"{place}.driver", shown(e.get("driver")), ", ".join(can)[:200]))
        channel = e.get("channel", "all")
        if channel != "all" and channel not in rows.get(d.CHANNEL, {}):
            out.append(Violation("unknown_reference", f"{place}.channel", shown(channel), "all"))
    return out


def _targets(rows: Rows) -> Iterable[Violation]:
    return [Violation("not_a_choice", f"target.{key}.period", shown(t.get("period")), "year, year2, Q1 … Q12, 2027-06")
            for key, t in rows.get(li.TARGET, {}).items() if not parse_period(t.get("period", "year"))]


def _months(rows: Rows) -> Iterable[Violation]:
    frame = rows.get(d.BUSINESS, {}).get(ONLY, {})
    start, months = frame.get("start", "2027-01"), frame.get("months", 12)
    if not is_month(start) or not isinstance(months, int):
        return []
    first, latest = month_number(start), month_number(LAST_MONTH) + 1 - months
    if first > latest:
        return [Violation("too_high", "start", start, f"≤ {latest // 12}-{latest % 12 + 1:02d}")]
    return [Violation("outside_plan", f"month.{key}", key, "", "warning")
            for key in rows.get(li.MONTH, {}) if not first <= month_number(key) < first + months]
