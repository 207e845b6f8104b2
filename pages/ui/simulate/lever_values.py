"""What each lever leads to, written at the lever itself: the blended value, beside it the saved one where they differ, and of
each channel's share its yuan and what one more yuan of it earns."""

from __future__ import annotations

import numpy as np

from model import Result, Scenario
from model import units as u
from model.analysis.blended import blended
from model.analysis.sensitivity import WhatDecides
from model.units import shown_of
from pages.ui.frame.levers import HEADLINE
from pages.ui.kit import kpi_cards
from pages.ui.kit.formats import bare, difference, money, number
from pages.ui.kit.texts import t
from pages.ui.words.channel_names import current_shares
from pages.ui.words.lever_units import UNITS, span_words
from pages.ui.words.place_names import shown


def draw(now: Result, saved: Result, decides: WhatDecides) -> None:
    """One element for all of them: a move changes texts of a style sheet, and no widget is drawn anew."""
    texts = {f"st-key-lever_{key} label p": value_words(key, now, saved) for key in HEADLINE}
    texts |= {f"st-key-share_{c} label p": words for c, words in share_words(now, decides).items()}
    kpi_cards.added(texts | between_steps(now.scenario))


def between_steps(scenario: Scenario) -> dict[str, str]:
    """Of each lever that stands between two steps of its slider, the number to show in place of the slider's rounded one: for as
    long as the browser's slider still stands there."""
    out = {}
    for key in HEADLINE:
        factor = scenario.get(f"headline.{key}")
        percent = shown_of(factor - 1, u.RATE)
        step = round(percent)
        if abs(percent - step) > 0.005:
            place = f'st-key-lever_{key}:has(input[value="{step}"]) [data-testid=stSliderThumbValue]'
            out[place] = shown(f"headline.{key}", factor)
    return out


def value_words(key: str, now: Result, saved: Result) -> str:
    """The blended value; behind the saved one where the lever has moved it."""
    unit = UNITS[key]
    before, after = (number(blended(r, key), unit) for r in (saved, now))
    moved = after if before == after else t("lever.from_to", before=bare(blended(saved, key), unit), after=after)
    return a_year(moved, now) if key == "budget" else moved


def a_year(text: str, result: Result) -> str:
    """A yearly amount; where those beside it are over more or fewer months, of which year it is: of each, or of the first."""
    if len(result.months) == 12:
        return text
    return t("lever.a_year" if np.ptp(result.values.business["budget"]) == 0 else "lever.first_year", value=text)


def plausible(key: str, result: Result) -> str:
    """The range that is usual for the value, in words."""
    low, high = span_words(key, result, *HEADLINE[key].soft)
    return t("lever.plausible_range", low=low, high=high)


def share_words(result: Result, decides: WhatDecides) -> dict[str, str]:
    """Yuan of each channel, and its marginal net profit."""
    out = {}
    for channel in current_shares(result.scenario):
        spend = float(result.by_channel["spend"][result.channels.index(channel)].sum())
        months = len(result.months)
        amount = money(spend) if months == 12 else t("period.of_months", text=money(spend), count=months)
        out[channel] = t("lever.share", amount=amount, marginal=difference(decides.marginal[channel], u.YUAN_EACH))
    return out
