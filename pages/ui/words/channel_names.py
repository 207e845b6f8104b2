"""Channels by name: what they are called, which of them spend, and what share of the budget each has."""

from __future__ import annotations

from model import Result, Scenario
from model.plan import drivers as d
from model.plan.rules import covers
from pages.ui.kit.texts import listed, name_of, t


def channel_name(scenario: Scenario, key: str) -> str:
    return name_of(scenario.rows["channel"], key)


def current_shares(scenario: Scenario) -> dict[str, float]:
    return {c: scenario.get(f"channel.{c}.share") for c in scenario.spending_channels}


def channel_names(result: Result) -> dict[str, str]:
    """Channel names in the order of colours."""
    return {c: channel_name(result.scenario, c) for c in result.channels}


def channel_words(scenario: Scenario, text: str) -> str:
    """Channel keys as names; all of them as one word."""
    keys = covers(text)
    if keys is None:
        return t("plan.all_channels")
    return listed([channel_name(scenario, k) if k in scenario.rows[d.CHANNEL] else k for k in keys])
