"""What is shown twice is shown the same: one KPI, period and kind of figure has one text on every page that shows it.

Each page is read as a person reads it; where two pages speak of the same figure, they are held against each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

import pytest
import sheets
from amounts import PLANS, bare, figures
from screens import app, cards, component, goto

from model import Scenario
from pages.ui.document import goals
from pages.ui.document.work import Work
from pages.ui.print import onepage
from pages.ui.session import results

#: KPIs with a card that stand in tables too, as they are called there
CALLED = ("GMV", "Net revenue", "Net profit", "Net margin", "Refund rate")
KEYS = {"GMV": "gmv", "Net revenue": "net_revenue", "Net profit": "net_profit", "Net margin": "net_margin_rate",
        "Refund rate": "refund_rate"}
Seen = dict[tuple[str, ...], dict[str, str]]


def see(seen: Seen, page: str, of: tuple[str, ...], text: str) -> None:
    if text and text != "—":
        seen[of][page] = figures(text)


def of_cards(seen: Seen, page: str, rows: dict[str, dict], styles: str, period: str) -> None:
    for name in CALLED:
        see(seen, page, (name, period, "value"), rows[name]["value"])
        band, chance, error = (re.search(rf'\.sd-{rule}-{KEYS[name]}::after{{content:"([^"]*)"', styles)
                               for rule in ("band", "chance", "error"))
        told = band and re.fullmatch(r"8 in 10: (.*)", bare(band[1]))
        assert told or not (band and band[1]), f"the range of {name} is said in other words: {band[1]}"
        see(seen, page, (name, period, "range"), told[1] if told else "")
        told = chance and re.fullmatch(r".*chance (.*)", bare(chance[1]))
        see(seen, page, (name, period, "chance"), f"{told[1]} {bare(error[1])}" if told else "")


def of_risk(seen: Seen, at, period: str) -> None:
    for row in component(at, "risk_chances")["rows"]:
        see(seen, "risk", (row[0], row[1], "chance"), row[3])
        see(seen, "risk", (row[0], row[1], "target"), row[4])
        see(seen, "risk", (row[0], row[1], "value"), row[5])
    for row in component(at, "risk_quantiles")["rows"]:
        see(seen, "risk quantiles", (row[0], period, "value"), row[1])
        see(seen, "risk quantiles", (row[0], period, "range"), f"{row[4]} to {row[6]}")
    told = re.search(r"· chance (.*?\))", at.subheader[0].value)
    see(seen, "risk verdict", ("GMV", period, "chance"), told[1] if told else "")


def of_plan(seen: Seen, at) -> None:
    for row in (r["cells"] for r in component(at, "targets")["rows"]):
        for what, text in zip(("chance", "gap", "target", "value"), row[3:7], strict=True):
            see(seen, "plan", (row[0], row[1], what), text)


def of_sheet(seen: Seen, plan: Scenario, period: str) -> None:
    with sheets.speaking("en"):
        sheet = onepage.sheet(replace(sheets.work(plan), found=results.risk_of(plan)))
    for name in CALLED:
        card = next(c for c in sheet.cards if c["key"] == KEYS[name])
        see(seen, "print", (name, period, "value"), card["value"])
        for line in map(bare, card["band"]):
            what, _, text = line.partition(": ") if ": " in line else line.partition(" ")
            see(seen, "print", (name, period, "chance" if what == "chance" else "range"), text)
    for row in sheet.targets.rows:
        for what, cell in zip(("target", "value", "gap", "chance"), row[2:6], strict=True):
            of_head = "pp" if what == "chance" and " " in bare(cell.text) else ""  # its column's head says it
            see(seen, "print", (row[0].text, row[1].text, what), cell.text + of_head)


def of_document(seen: Seen, plan: Scenario, period: str) -> None:
    """The plan document's figures and targets; the heads of its columns say what ± counts."""
    with sheets.speaking("en"):
        work = Work(plan, results.risk_of(plan), sheets.registered(plan), "")
        found, targets = goals.figures(work).rows, goals.every_target(work).rows
    for name, value, _, _, chance, band in found:
        for what, text in (("value", value), ("chance", f"{chance} pp" if " " in chance else ""), ("range", band)):
            see(seen, "document", (name, period, what), text.replace(" – ", " to "))
    for kpi, of, target, value, gap, _, chance in targets:
        for what, text in (("target", target), ("value", value), ("gap", gap), ("chance", f"{chance} pp" if " " in chance else "")):
            see(seen, "document", (kpi, of, what), text)


def read(plan: Scenario) -> Seen:
    seen: Seen = defaultdict(dict)
    at = app("en", scenario=plan)
    styles = next(e.proto.body for e in at.get("html") if "sd-band-gmv::after" in e.proto.body)
    at = goto(at, "risk")
    period = next((r[1] for r in component(at, "risk_chances")["rows"] if r[0] == "GMV" and "ear" in r[1]), "Year")
    of_risk(seen, at, period)
    of_cards(seen, "simulate", cards(goto(at, "simulate")), styles, period)
    of_plan(seen, goto(at, "plan"))
    of_sheet(seen, plan, period)
    of_document(seen, plan, period)
    return seen


@pytest.mark.parametrize("name", PLANS)
def test_what_is_shown_twice_is_shown_the_same(name):
    seen = read(PLANS[name])
    differ = {of: pages for of, pages in seen.items() if len(set(pages.values())) > 1}
    assert not differ
    twice = {of for of, pages in seen.items() if len(pages) > 1}
    assert len(twice) >= 20 and {what for *_, what in twice} >= {"value", "range", "chance", "target", "gap"}, twice
    assert {"simulate", "risk", "risk quantiles", "plan", "print", "document"} <= {p for of in twice for p in seen[of]}
