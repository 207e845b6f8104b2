"""What was typed on My numbers and is no plan yet outlives a reload: it is kept with the draft."""

from __future__ import annotations

from screens import app, space

from pages.ui.session import drafts, person
from pages.ui.session.workspace import pack, unpack


def test_what_was_typed_on_my_numbers_comes_back_after_a_reload(monkeypatch):
    monkeypatch.setattr(person, "owner", lambda: "a" * 64)  # the same browser
    at = app("en", "own")
    assert "w" not in at.query_params and not space(at).own, "a form that is only looked at makes no draft"
    at.text_input(key="new_name").set_value("Home and hearth").run()
    at.text_input(key="new_budget").set_value("8,500,000").run()
    at.text_input(key="new_visits").set_value("many").run()
    at.session_state["_typed_team"] = [{"role": "Buyer", "heads": "2", "cost": None}]
    at.run()
    token = space(at).draft.token
    assert token and unpack(pack(drafts.get(token).work)).own == space(at).own
    again = app("en", "own", w=token)
    assert again.text_input(key="new_name").value == "Home and hearth"
    assert again.text_input(key="new_budget").value == "8,500,000" and again.text_input(key="new_visits").value == "many"
    assert again.session_state["_typed_team"] == [{"role": "Buyer", "heads": "2", "cost": None}]
    assert again.text_input(key="new_start").value == at.text_input(key="new_start").value
