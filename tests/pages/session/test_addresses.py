"""Links and drafts: what stands in the address, and what a reload finds."""

from __future__ import annotations

import pytest
from every import part
from odd_plans import ODD, link_with
from screens import PAGES, again, app, cards, click, goto, markdown, move, opened, query, scenario, space

from model import InvalidInput, from_link, to_link
from pages.ui.kit import texts
from pages.ui.session import drafts
from pages.ui.session.workspace import Mark, pack, unpack
from samples import changed, june, sample, sample_plan

KNOWN = {"sample": sample_plan()}
each_page = pytest.mark.parametrize("page", PAGES)
each_language = pytest.mark.parametrize("language", texts.LANGUAGES)


@each_page
def test_a_link_opens_on_every_page(page):
    sent = changed(headline__cvr=1.07, channel__platform__cpm=61.0).named("促销")
    at = app("en", page, s=to_link(sent))
    assert scenario(at) == sent and scenario(at).name == "促销" and space(at).changed
    assert "促销" in markdown(at)


def test_a_link_that_was_opened_stays_in_the_address_until_the_first_change():
    at = app(s=to_link(changed(headline__cvr=1.07)))
    assert "s" in at.query_params and "w" not in at.query_params
    move(at, "lever_aov", 5)
    assert "s" not in at.query_params and "w" in at.query_params


def test_a_reload_goes_on_with_everything_where_it_was():
    at = app()
    move(at, "lever_cvr", 5)
    click(at, "bar_pin")
    move(at, "share_content", 20.0)
    at.get_by_key("locks").set_value(["private"]).run()
    again(at)
    address = query(at)
    second = app(**address)
    assert (scenario(second), space(second).baseline, space(second).locks, space(second).undo) == (
        scenario(at), space(at).baseline, frozenset({"private"}), space(at).undo)
    assert cards(second) == cards(at)
    click(second, "bar_undo")
    assert scenario(second) != scenario(at), "the reloaded page works on a copy of its own"
    assert query(again(second))["w"] != address["w"]


def test_the_address_changes_once_and_not_with_every_move():
    at = app()
    seen = []
    for to in (1, 2, 3):
        move(at, "lever_cvr", to)
        seen.append(query(at))
    assert seen[0] == seen[1] == seen[2] and set(seen[0]) == {"w", "lang"}


def test_looking_around_changes_no_address():
    at = app()
    for page in ("method", "own", "simulate"):
        goto(at, page)
    assert set(query(at)) == {"lang"}


def test_the_shared_link_is_what_stands_in_the_box():
    at = app()
    move(at, "lever_cvr", 5)
    opened(at, "bar_share")
    (code,) = at.code  # never saved: the library has no link yet
    sent = dict(p.split("=", 1) for p in code.value.split("?", 1)[1].split("&"))
    assert from_link(sent["s"], KNOWN) == scenario(at) and sent["lang"] == "en"


@pytest.mark.parametrize("text", part(["x", to_link(changed(headline__cvr=1.07))[:-6], "A" * 3000, "%00", "<script>"], 3))
@each_language
def test_a_damaged_link_is_reported_and_the_sample_stays(text, language):
    at = app(language, s=text)
    assert scenario(at) == sample() and len(at.error) == 1
    assert texts.catalogue(language)["problem.link"] in at.error[0].value
    at.button(key="problem_dismiss").click().run()
    assert not again(at).error


def test_all_that_is_wrong_in_a_link_is_listed():
    at = app("zh", s=link_with({"vat": 2, "months": 0, "headline.cvr": 9}))
    rows = at.dataframe[0].value
    assert len(rows) == 3 and set(rows["位置"]) == {"vat", "months", "headline.cvr"}
    assert all(len(x) > 5 for x in rows["怎么改"]) and scenario(at) == sample()


def test_a_link_with_a_channel_of_unknown_kind_is_refused_and_does_not_stop_the_page():
    at = app(s=link_with({"channel.extra.kind": "tv"}))
    assert scenario(at) == sample() and at.error


def test_a_pin_after_a_link_survives_a_reload():
    at = app(s=to_link(changed(headline__cvr=1.07)))
    click(at, "bar_pin")
    second = app(**query(at))
    assert space(second).baseline == changed(headline__cvr=1.07)


@pytest.mark.parametrize("token", ["0" * 16, "x", "<script>", "A" * 5000])
def test_work_that_this_server_no_longer_has_is_reported(token):
    at = app(w=token)
    assert scenario(at) == sample() and "A draft opens for its owner alone" in markdown(at).replace("\\", "")


def test_what_is_compared_survives_a_reload_and_the_first_choice_is_none(store):
    """Of untouched work too; nothing is kept before anybody has chosen."""
    at = app("en", "compare")
    assert not space(at).compared and "w" not in query(at)
    at.multiselect(key="compare_pick").set_value(["preset:ambitious", "now"]).run()
    drafts.flush()
    second = goto(app(**query(again(at))), "compare")
    assert second.multiselect(key="compare_pick").value == ["preset:ambitious", "now"] == list(space(second).compared)
    assert unpack(pack(space(second)), (sample_plan(),)).compared == ("preset:ambitious", "now")


def test_simulate_leads_to_review_once_actual_months_are_in():
    assert not [p for p in app().get("page_link") if "Review" in p.proto.label]
    (link,) = [p.proto for p in app(scenario=june()).get("page_link") if "Review" in p.proto.label]
    assert link.label.startswith("6 months of actuals are in")


def test_a_plan_of_ones_own_survives_a_reload_and_is_shared_as_a_file():
    at = app(scenario=ODD["one paid channel"]())
    move(at, "lever_cvr", 5)
    assert scenario(app(**query(at))) == scenario(at)
    opened(at, "bar_share")
    assert not at.code and texts.catalogue("en")["bar.link_too_long"] in [c.value for c in at.caption]
    click(at, "share_store")
    opened(at, "bar_share")
    (code,) = at.code
    sent = dict(p.split("=", 1) for p in code.value.split("?", 1)[1].split("&"))
    assert scenario(app(**sent)) == scenario(at)


def test_a_link_of_the_library_opens_its_version_for_everybody_until_the_first_change(store):
    """Whatever was saved since; a page change and a reload keep it."""
    first = store.save(changed(headline__cvr=1.03).named("Budget", "for the board"), author="Wang")
    store.save(changed(headline__cvr=1.08).named("Budget"), author="Li", id=first.entry.id, expected=1)
    for version, wanted in (("1", 1.03), ("2", 1.08), ("", 1.08)):
        at = app("zh", "plan", id=first.entry.id, **({"version": version} if version else {}))
        assert scenario(at).get("headline.cvr") == wanted and not space(at).changed
        assert space(at).stored.name == "Budget" and "w" not in query(at), version
    goto(at, "simulate")
    assert space(app(**query(at))).stored == space(at).stored, "a reload on another page"
    move(at, "lever_aov", 5)
    assert set(query(at)) == {"w", "lang"}
    assert scenario(app(**query(at))) == scenario(at), "a reload"
    opened(at, "bar_share")
    assert at.code[0].value.endswith(f"id={first.entry.id}&version=2") and any("没有保存" in c.value for c in at.caption)
    click(at, "share_store")
    opened(at, "bar_share")
    assert at.code[0].value.endswith("&version=3") and store.open(first.entry.id).scenario == scenario(at)


@pytest.mark.parametrize("said", [{"id": "nobody"}, {"id": "<script>", "version": "1"}, {"id": "x", "version": "-1"}])
def test_a_link_to_what_the_library_does_not_have_is_reported(store, said):
    at = app(**said)
    assert scenario(at) == sample() and "Scenarios page" in markdown(at)


def test_a_version_that_there_is_not_is_reported(store):
    saved = store.save(sample().named("Budget"), author="Wang")
    assert "Scenarios page" in markdown(app(id=saved.entry.id, version="7"))


def test_what_is_kept_is_bounded():
    for i in range(drafts.MAX_DRAFTS + 20):
        drafts.put(Mark(f"token{i}"), i)
    assert len(drafts._drafts) == drafts.MAX_DRAFTS
    assert drafts.get(f"token{drafts.MAX_DRAFTS + 19}").work == drafts.MAX_DRAFTS + 19
    with pytest.raises(InvalidInput):
        drafts.get("token0")
