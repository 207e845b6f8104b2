"""A target in words: what the plan does of it, and beside it how likely that is. One place for both.

A plan that reaches its target says little where the chance is 37 %: the two are never shown one without the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from model import KPIS, Result
from model.engine.kpis import NOT_DRAWN, TargetResult, target_of
from pages.ui.kit.formats import DASH, doubt, none, number, rate, size, sure
from pages.ui.kit.texts import t
from pages.ui.session import results
from pages.ui.words import periods

if TYPE_CHECKING:
    from model.analysis.risk.simulate import Chance, RiskResult

#: a change of a chance that is written in no digit
LEAST_SEEN = 5e-4
_MOODS = {"hit": "good", "missed": "bad", "undefined": ""}


def target(result: Result, key: str, period: str) -> TargetResult | None:
    """A KPI's target over a period: of all years together the sum of their targets."""
    return target_of(results.aims_of(result), key, period)


def mood(found: TargetResult) -> str:
    return _MOODS[found.outcome]


def outcome(found: TargetResult) -> str:
    """✓ the plan reaches it, ✗ it does not, or there is nothing to compare."""
    return t(f"reach.{found.outcome}")


def gap(found: TargetResult) -> str:
    """The target, and by how much the plan is on its good or its bad side, or that it is met exactly."""
    if found.outcome == "undefined":
        return t("card.undefined", target=aim(found), why=t(f"reach.why_{'months' if found.kpi in NOT_DRAWN else 'nothing'}"))
    apart = size(float(found.gap[0]), KPIS[found.kpi].unit)
    over = found.outcome == "missed" and KPIS[found.kpi].good < 0
    said = "over" if over else "exact" if found.outcome == "hit" and none(apart) else found.outcome
    return t(f"card.{said}", target=aim(found), gap=apart)


def aim(found: TargetResult) -> str:
    """The figure that the plan is held against; where a year is cut also the one it is the part of."""
    unit = KPIS[found.kpi].unit
    return t("reach.cut_short", target=number(found.target, unit), given=number(found.given, unit)) if found.cut else number(
        found.target, unit)


def chance(found: Chance | None) -> str:
    """The chance with its name; "" where none is known."""
    text = chance_alone(found)
    return "" if text == DASH else t("reach.chance", chance=text)


def apart(found: Chance) -> tuple[str, str]:
    """The chance with its name, and the error of its computation, for where they are written in two sizes."""
    return t("reach.chance", chance=rate(found.chance)), t("reach.error", error=doubt(found.error))


def chance_alone(found: Chance | None) -> str:
    """The chance where its name stands above it."""
    return DASH if found is None else sure(found.chance, found.error)


def differ(now: Chance, then: Chance) -> bool:
    """Whether a chance has changed by more than the error that stands behind it."""
    return abs(then.chance - now.chance) > max(2 * max(now.error, then.error), LEAST_SEEN)


def chance_in_cell(found: Chance) -> str:
    """The chance where its column's head says what ± counts."""
    return t("reach.in_cell", chance=rate(found.chance), error=doubt(found.error)) if math.isfinite(found.chance) else DASH


def short(found: TargetResult, risk: RiskResult) -> str:
    """Both in a cell, the chance first, for it is what the column is called: 36.5% (±0.6), plan meets it."""
    return t("reach.short", chance=chance_alone(risk.chances.get(found.key)), outcome=t(f"reach.short_{found.outcome}"))


def pair(found: TargetResult, risk: RiskResult) -> str:
    """What the plan does, and how likely it is."""
    likely = chance(risk.chances.get(found.key))
    return t("plan.pair", first=outcome(found), second=likely) if likely else outcome(found)


def tally(found: Sequence[TargetResult]) -> str:
    """How many targets the plan reaches, how many it misses, and of how many there is nothing to say."""
    count = {k: sum(x.outcome == k for x in found) for k in _MOODS}
    text = t("plan.targets_title", hits=count["hit"], count=len(found), missed=count["missed"])
    return text + (t("reach.tally_undefined", count=count["undefined"]) if count["undefined"] else "")


def cut_note(result: Result, period: str) -> str:
    """How the yearly targets of a year that the plan has only a part of were taken down; "" where none was."""
    cut = next((x for x in results.targets_of(result) if x.cut and x.period == period), None)
    if cut is None:
        return ""
    unit = KPIS[cut.kpi].unit
    return t("reach.cut_note", kpi=t(f"kpi.{cut.kpi}.label"), given=number(cut.given, unit), target=number(cut.target, unit),
             count=periods.count(period, len(result.months)))
