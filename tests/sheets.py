"""The page to print, made without the app: a scenario's work, in a language, and plans that are hard to fit on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache

import streamlit as st

from model import Scenario
from model.analysis.risk.register import Register, register
from pages.ui.print.onepage import Work
from pages.ui.session.workspace import Stored
from samples import changed, sample

DAY = date(2027, 3, 9)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}\"'&"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """The reader's language where no session runs."""
    st.session_state["_language"] = language
    try:
        yield
    finally:
        del st.session_state["_language"]


@cache
def registered(scenario: Scenario) -> Register:
    return register(scenario, 256)


def work(scenario: Scenario | None = None, baseline: Scenario | None = None, stored: Stored | None = None,
         changed_since: bool = False) -> Work:
    scenario = scenario or sample()
    found = registered(scenario)
    return Work(scenario, baseline or sample(), found.result, found, stored, changed_since, DAY)


@cache
def crowded() -> Scenario:
    """36 months, 30 channels, 60 targets, 18 risk events, all with long names, and many differences from the sample."""
    rows, values = sample().rows, {"months": 36, "headline.cvr": 1.03, "headline.aov": 0.98}
    long = "Extraordinarily long name of a thing that somebody planned 很长很长的名字"
    spending = sample().spending_channels
    for i in range(24):
        values |= {f"channel.extra{i}.{f}": v for f, v in rows["channel"]["platform"].items()} | {
            f"channel.extra{i}.share": 0.0, f"channel.extra{i}.name_zh": f"{long} {i}", f"channel.extra{i}.name_en": f"{long} {i}"}
    shares = {**{c: sample().get(f"channel.{c}.share") / 2 for c in spending}, **{f"extra{i}": 0.5 / 24 for i in range(24)}}
    values |= {f"channel.{c}.share": v for c, v in shares.items()}
    for i in range(40):
        values |= {f"target.more{i}.kpi": ("repurchase_rate_year", "private_share", "net_profit")[i % 3],
                   f"target.more{i}.period": f"Q{i % 12 + 1}", f"target.more{i}.value": 0.2 if i % 3 < 2 else 1e6 * i}
    for i in range(12):
        values |= {f"event.more{i}.{f}": v for f, v in rows["event"]["overstock"].items()} | {
            f"event.more{i}.name_en": f"{long} {i}", f"event.more{i}.name_zh": f"{long} {i}"}
    return sample().with_values(values).named(long[:60])


def hostile() -> Scenario:
    """Somebody's names that would act, were they not escaped: of the plan, the scenario, a channel, promotion and event."""
    names = {f"{row}.name_{language}": HOSTILE for language in ("zh", "en")
             for row in ("channel.platform", "promotion.618", "event.overstock")}
    return changed(plan_name_zh=HOSTILE, plan_name_en=HOSTILE).with_values(names | {"promotion.618.uplift": 0.2}).named(HOSTILE)
