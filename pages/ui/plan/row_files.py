"""Promotions, initiatives, the team and the work as files, with what each row brings and works on."""

from __future__ import annotations

from model import Scenario
from model import units as u
from model.plan import lists as li
from model.plan import work as wo
from model.plan.schema import Driver
from pages.ui.kit import csv_tables, texts
from pages.ui.kit.csv_tables import Field, Table
from pages.ui.kit.formats import DASH, rate
from pages.ui.kit.texts import t
from pages.ui.plan.switched import found_effects
from pages.ui.rows import cell_words, row_rules
from pages.ui.words import channel_names, driver_labels
from pages.ui.words.driver_labels import driver_label


def table_of_rows(scenario: Scenario, table: str) -> Table:
    """A table of the plan, with what each row brings and, for initiatives, what it works on."""
    effects = found_effects(scenario, table) if table in (li.PROMOTION, li.INITIATIVE) else {}
    name = t({li.PROMOTION: "plan.promotion", li.INITIATIVE: "plan.initiative", li.TEAM: "plan.position",
              **{x: f"work.{x}" for x in wo.WORK_TABLES}}[table])
    drivers = [d for f, d in row_rules.TABLES[table].items() if f not in ("name_zh", "name_en")]
    fields = [Field(name), Field(t("file.key", label=name)), *(_field(table, d) for d in drivers)]
    fields += [Field(t(f"plan.effect_{k}"), u.YUAN, change=True) for k in ("gmv", "profit")] if effects else []
    fields += [Field(t("plan.works_on"))] if table == li.INITIATIVE else []
    rows = []
    for key in scenario.rows[table]:
        row = [row_rules.row_name(scenario, table, key), key, *(_value(scenario, table, key, d.key) for d in drivers)]
        row += [effects[key].gmv, effects[key].net_profit] if effects else []
        rows.append(row + ([works_on(scenario, key)] if table == li.INITIATIVE else []))
    return Table(fields, rows)


def _field(table: str, driver: Driver) -> Field:
    return Field(driver_label(table, driver.key), driver.unit if driver.unit.is_number else None)


def _value(scenario: Scenario, table: str, key: str, field: str) -> csv_tables.Cell:
    """As the plan keeps it; channels by their names."""
    if table in wo.WORK_TABLES and field != "times":
        return cell_words.text_of(scenario, f"{table}.{key}.{field}")
    value = scenario.get(f"{table}.{key}.{field}")
    return channel_names.channel_words(scenario, str(value or row_rules.ALL)) if field == "channels" else value


def works_on(scenario: Scenario, key: str) -> str:
    """The effects of an initiative in words."""
    found = [scenario.rows[li.EFFECT][e] for e in row_rules.parts_of(scenario, li.INITIATIVE, key)]
    words = [t("plan.works", driver=driver_labels.adjustable_label(row["driver"]), change=_relative(row["effect"]),
               where=channel_names.channel_words(scenario, row.get("channel", row_rules.ALL))) for row in found]
    return texts.listed(words) or DASH


def _relative(effect: float) -> str:
    return ("+" if effect > 0 else "") + rate(effect)
