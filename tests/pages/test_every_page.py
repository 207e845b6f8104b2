"""Every page as a script (AppTest): it draws, of odd plans too; work goes with the reader from page to page; names are text."""

from __future__ import annotations

import json
import re
from itertools import product

import pytest
import screens
from every import part, some
from odd_plans import HOSTILE, ODD, link_with
from screens import PAGES, again, app, cards, charts, click, goto, markdown, move, opened, scenario, space

from model import checks, evaluate, kpi
from pages.ui.kit import texts
from samples import changed, sample

each_page = pytest.mark.parametrize("page", PAGES)


# --- every page draws --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("page, language", [(p, l) for p in PAGES for l in texts.LANGUAGES])
def test_every_page_draws_in_both_languages(page, language):
    at = app(language, page)
    words = markdown(at) + "".join(h.value for h in at.header)
    assert ("青禾服饰" if language == "zh" else "Qinghe Apparel") in words
    assert at.button(key="bar_undo").label == texts.catalogue(language)["bar.undo"]
    if page != "simulate":
        assert at.header[0].value == texts.catalogue(language)[f"{page}.title"]


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh"), ("zh", "zh"), ("zh-Hant-TW", "zh"), ("en-US", "en"),
                                                  ("de", "en"), ("ja", "en")])
def test_the_language_is_the_browsers_where_nothing_else_says_it(locale, language):
    at = app("", run=False)
    at.context = {"locale": locale}
    at.run()
    assert at.button(key="bar_undo").label == texts.catalogue(language)["bar.undo"]


@pytest.mark.parametrize("language", ["fr", "EN", "../en", "zh,en"])
def test_an_unknown_language_in_the_link_does_no_harm(language):
    assert screens.sound(app(language)).button(key="bar_undo").label == "Undo"


@pytest.mark.parametrize("page, which", some(product(PAGES, ODD), keep=9))
def test_odd_plans_draw_on_every_page(page, which, monkeypatch):
    language = "en" if len(which) % 2 else "zh"
    monkeypatch.setattr(texts, "DEFAULT", language)  # AppTest asks a select box for its words outside of the session
    boxes = ["bar_share", "bar_file", "bar_checks"] + (["channel_edit"] if page == "simulate" else [])
    at = app(language, page, ODD[which](), boxes=boxes)
    assert at.text_input(key="bar_name").value is not None  # what is in a box is drawn only where it is open
    if page == "simulate":
        assert len(cards(at)) == 8 and len(charts(at)) == 4
        for card in cards(at).values():
            assert "nan" not in card["value"].lower() and "inf" not in card["value"].lower()
    elif page == "method":
        for key in ("kpi.net_profit", "line.gmv", "line.pool", "kpi.repurchase_rate_year"):
            at.selectbox(key="method_pick").set_value(key).run()
            assert f"{key.split('.')[1]} = " in screens.sound(at).code[-1].value


@pytest.mark.parametrize("which", part([w for w in ODD if w not in ("nothing sold",)], 3))
def test_a_move_on_an_odd_plan_draws_too(which):
    at = app("zh", scenario=ODD[which]())
    move(at, "lever_aov", 7)
    assert scenario(at).get("headline.aov") == 1.07
    click(at, "bar_undo")
    assert scenario(at) == ODD[which]()


def test_a_check_to_review_is_said_with_what_to_do():
    plan = ODD["a check to review"]()
    bad = [c for c in checks(evaluate(plan)) if c.status != "PASS"]
    assert bad
    at = opened(app(scenario=plan), "bar_checks")
    (box,) = [b for b in at.get("popover") if b.key == "bar_checks"]
    assert f"{len(bad) + len(plan.warnings())} to review" in str(box.proto)
    for row in bad:
        assert texts.catalogue("en")[f"check.{row.key}.advice"] in markdown(at)


def test_charts_never_read_a_name_as_a_path():
    """Vega takes dots, brackets and quotes in a field for a way into the row: bars of such a channel would be empty."""
    for at in (app("en", scenario=ODD["names that Vega reads"]()), app("zh", scenario=ODD["names that Vega reads"]())):
        for spec, _ in charts(at):
            fields = [f for found in re.findall(r'"fold": (\[.*?\]), "as"', spec) for f in json.loads(found)]
            assert not any(re.search(r"[.\[\]'\\]", f) for f in fields), fields


# --- across pages ------------------------------------------------------------------------------------------------------

def test_state_survives_a_walk_over_the_pages():
    at = app()
    move(at, "lever_cvr", 5)
    move(at, "share_content", 20.0)
    at.get_by_key("locks").set_value(["private"]).run()
    before = scenario(again(at))
    for page in ("method", "own", "simulate"):
        screens.sound(goto(at, page))
        assert scenario(at) == before and space(at).locks == {"private"} and len(space(at).undo) == 2
    assert at.slider(key="lever_cvr").value == 5 and at.slider(key="share_content").value == 20.0
    assert at.get_by_key("locks").value == ["private"]


def test_undo_works_from_another_page():
    at = app()
    move(at, "lever_cvr", 5)
    goto(at, "method")
    click(at, "bar_undo")
    assert scenario(at) == sample()


def test_switching_the_language_keeps_everything_and_stands_in_the_address():
    at = app("en")
    move(at, "lever_cvr", 5)
    at.get_by_key("lang").set_value("zh").run()
    again(at)
    assert at.button(key="bar_undo").label == "撤销" and scenario(at) == changed(headline__cvr=1.05)
    assert at.slider(key="lever_cvr").value == 5 and at.query_params["lang"] in ("zh", ["zh"])
    goto(at, "method")
    assert at.header[0].value == texts.catalogue("zh")["method.title"]


def test_the_method_page_shows_the_scenario_at_hand():
    at = app()
    move(at, "lever_aov", 10)
    goto(at, "method")
    at.selectbox(key="method_pick").set_value("kpi.net_profit").run()
    value = f"{float(kpi(evaluate(scenario(at)), 'net_profit')[0]) / 1e6:.3f}".rstrip("0").rstrip(".")
    assert f"¥{value}M" in markdown(at).replace("\\", "")
    frames = [d.value for d in at.dataframe]
    assert any("changed in this scenario" in set(f.get("Source", [])) for f in frames)


# --- text that somebody wrote ------------------------------------------------------------------------------------------

@each_page
def test_names_are_shown_and_never_act(page):
    """Signs of markdown and HTML in a name are escaped wherever a name stands in a markdown text."""
    at = app("en", page, ODD["hostile names"]().named(HOSTILE))
    assert texts.plain(HOSTILE) in markdown(at)
    for element in (*at.markdown, *at.caption, *at.info, *at.success, *at.warning):
        assert not getattr(element.proto, "allow_html", False)
        assert not re.search(r"(?<!\\)(<img|\*\*b|\[l\]|:red)", element.value)
    labels = [w.label for w in (*at.slider, *at.number_input, *at.button)]
    assert not [x for x in labels if HOSTILE in x]


def test_names_on_pills_are_escaped():
    at = app("en", scenario=ODD["hostile names"]())
    move(at, "share_platform", 60.0)
    for key in ("locks", "changes"):
        assert [o for o in at.get_by_key(key).options if HOSTILE in o] == [], key


def test_html_in_a_file_that_is_refused_is_escaped():
    at = app(s=link_with({"plan_name_en": 3, HOSTILE: 1}))
    assert at.error and all(HOSTILE not in m.value for m in at.markdown)
    at = app(s=link_with({HOSTILE: 1}))
    assert at.error and all(HOSTILE not in m.value for m in at.markdown)
