"""Comments on versions with replies, chances kept in the list, what the app wrote said in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime

from screens import again, app, scenario, sound

from model.io.store import Remark
from pages.ui.kit.texts import speaking, t
from pages.ui.scenarios import chances, remarks
from pages.ui.session import results
from pages.ui.words.made_names import said
from samples import changed, sample


def test_a_thread_has_replies_below_what_they_answer():
    def remark(id: str, parent: str = "") -> Remark:
        return Remark(id, 1, parent, "a", id, datetime(2027, 1, 1, tzinfo=UTC))

    found = [remark("1"), remark("2"), remark("1a", "1"), remark("1aa", "1a"), remark("1b", "1"), remark("x", "gone")]
    assert [(depth, r.id) for depth, r in remarks.threads(found)] == [
        (0, "1"), (1, "1a"), (2, "1aa"), (1, "1b"), (0, "2"), (0, "x")]


def test_a_comment_is_sent_and_answered_and_nothing_typed_is_lost_by_leaving_the_page(store):
    entry = store.save(sample().named("Budget"), author="Wang").entry
    store.keep_chance(entry.id, 1, chances.of(sample()))
    at = app("en", "scenarios")
    at.session_state["_shelf_ticked"] = {entry.id}
    key = f"shelf_remark_{entry.id}"
    again(at).text_area(key=key).set_value("refunds look low").run()
    at.text_input(key=f"shelf_name_{entry.id}").set_value("Budget B").run()
    at.switch_page("pages/plan.py").run()
    at.switch_page("pages/scenarios.py").run()
    assert at.text_area(key=key).value == "refunds look low" and at.text_input(key=f"shelf_name_{entry.id}").value == "Budget B"
    sound(at.button(key="send_remark").click().run())
    (first,) = store.remarks(entry.id)
    assert (first.text, first.author, first.version) == ("refunds look low", "unnamed", 1) and at.text_area(key=key).value == ""
    sound(at.button(key=f"reply_to_{first.id}").click().run())
    at.text_area(key=f"shelf_reply_{first.id}_{entry.id}").set_value("as last year")
    sound(at.button(key=f"send_reply_{first.id}").click().run())
    assert [(r.text, r.parent) for r in store.remarks(entry.id)] == [("refunds look low", ""), ("as last year", first.id)]
    assert store.list().total == 1 and store.list().entries[0].name == "Budget" and scenario(at) == sample()


def test_the_list_shows_the_chance_of_the_card_and_keeps_it_with_the_version(store):
    entry = store.save(changed(headline__cvr=1.05).named("Budget"), author="Wang").entry
    chances._work(store, [(entry.id, 1), ("0" * 32, 1)])(lambda done, total: None, lambda: False)
    of_card = results.risk_of(changed(headline__cvr=1.05)).chances["gmv_year"].chance
    assert store.list().entries[0].summary["chance"]["chance"] == of_card
    shown = app("en", "scenarios").dataframe[0].value
    assert list(shown["chance"]) == [100 * of_card]
    assert chances.of(changed(target__gmv_year=None)) is None


def test_what_the_app_wrote_is_said_in_the_readers_language_and_nothing_else_is_touched():
    with speaking("zh"):
        made = [t("desk.anonymous"), t("shelf.copy_name", name="春季 A"), t("preset.of_plan", plan="家居", preset=t("preset.base"))]
    with speaking("en"):
        assert [said(x) for x in made] == ["unnamed", "春季 A copy", t("preset.of_plan", plan="家居", preset=t("preset.base"))]
        for own in ("Budget 2027", "A B", "预算 终版", "{name}", "a (b) [c"):
            assert said(own) == own
