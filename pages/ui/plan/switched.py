"""What promotions and initiatives bring: the effect of each switch, as columns, moods and in the title."""

from __future__ import annotations

import math
from functools import lru_cache

from model import Scenario
from model import units as u
from model.analysis.effects import SwitchEffect, switch_effects
from model.engine.kpis import ALL
from pages.ui.kit import tables
from pages.ui.kit.formats import difference
from pages.ui.kit.texts import t
from pages.ui.rows import row_rules
from pages.ui.words import periods

effects_of = lru_cache(maxsize=256)(switch_effects)


def found_effects(scenario: Scenario, table: str, period: str = ALL) -> dict[str, SwitchEffect]:
    """Over a period; of a plan of one year it is that year, whatever it is called."""
    return {e.key: e for e in effects_of(scenario, period if scenario.get("months") > 12 else ALL) if e.table == table}


def title_of(scenario: Scenario, table: str, period: str = ALL) -> str:
    """Which row brings the most profit and which the least, of those that are on."""
    effects = [e for e in found_effects(scenario, table, period).values() if e.on and math.isfinite(e.net_profit)]
    if not effects:
        return t(f"plan.{table}_all_off")
    best, worst = (pick(effects, key=lambda e: e.net_profit) for pick in (max, min))
    words = {"best": row_rules.row_name(scenario, table, best.key), "gain": difference(best.net_profit, u.YUAN),
             "worst": row_rules.row_name(scenario, table, worst.key), "loss": difference(worst.net_profit, u.YUAN)}
    return t(f"plan.{table}_one", name=words["best"], gain=words["gain"]) if best is worst else t(f"plan.{table}_title", **words)


def effect_columns(period: str, months: int) -> list[tables.Column]:
    """Of a plan of so many months."""
    return [tables.Column(periods.labelled(t(f"plan.effect_{key}"), period, months), help=t("plan.effect_help"))
            for key in ("gmv", "profit")]


def effect_cells(effect: SwitchEffect) -> list[str]:
    return [difference(effect.gmv, u.YUAN), difference(effect.net_profit, u.YUAN)]


def _moods(effect: SwitchEffect, first: int) -> tuple[tuple[int, str], ...]:
    values = ((first, effect.gmv), (first + 1, effect.net_profit))
    return tuple((i, "good" if v > 0 else "bad") for i, v in values if math.isfinite(v) and abs(v) >= 0.5)


def switchable(key: str, cells: list[str], effect: SwitchEffect) -> tables.Line:
    if not effect.on:
        cells[0] = t("plan.is_off", name=cells[0])
    return tables.Line(key, cells, mark="" if effect.on else "off", moods=_moods(effect, 1))
