"""What differs from the plan, and its own undo."""

from __future__ import annotations

import pytest
import screens
from odd_plans import ODD, SAMPLE_SHARES
from screens import again, app, click, markdown, move, scenario, space

from model import to_link
from samples import changed, sample


def test_each_difference_has_its_own_undo():
    at = app()
    move(at, "lever_cvr", 5)
    move(at, "lever_aov", -3)
    pills = at.get_by_key("changes")
    assert len(pills.options) == 2 and "Changed since saved (2)" in markdown(at)
    assert any(o.replace("\\", "").startswith("Conversion rate: +0% → +5%") for o in pills.options)
    pills.set_value("headline.cvr").run()
    again(at)
    assert scenario(at) == changed(headline__aov=0.97)
    assert at.slider(key="lever_cvr").value == 0 and len(at.get_by_key("changes").options) == 1
    click(at, "bar_undo")
    assert scenario(at) == changed(headline__aov=0.97, headline__cvr=1.05)


def test_a_row_that_came_and_one_that_went_can_be_brought_back():
    both = sample().with_values({"promotion.618": None, "team.new.heads": 2.0, "team.new.monthly_cost": 9000.0,
                                 "team.new.name_en": "Hosts"})
    at = app(s=to_link(both))
    labels = at.get_by_key("changes").options
    assert len(labels) == 2 and any("Removed" in x for x in labels) and any("Added Hosts" in x for x in labels)
    at.get_by_key("changes").set_value("promotion.618").run()
    again(at)
    assert "618" in scenario(at).rows["promotion"]
    at.get_by_key("changes").set_value("team.new").run()
    again(at)
    assert scenario(at) == sample()


def test_one_share_cannot_be_brought_back_alone():
    """Shares must sum to one: bringing one back must either bring all back or say why not, never fail."""
    at = app()
    move(at, "share_platform", 60.0)
    at.get_by_key("changes").set_value("channel.platform.share").run()
    screens.sound(again(at))
    assert sum(scenario(at).get(f"channel.{c}.share") for c in SAMPLE_SHARES) == pytest.approx(1, abs=1e-9)


def test_many_differences_are_listed_up_to_a_bound():
    at = app(scenario=ODD["many changes"]())
    space(at).saved = sample()
    again(at)
    assert len(at.get_by_key("changes").options) == 60
    assert any("more not listed" in c.value for c in at.caption)
