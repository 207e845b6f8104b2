"""How long a sign-in lasts, who gets in, and that signing out is known everywhere."""

from __future__ import annotations

import time

import pytest
from people import claims, signed_in
from screens import again, app, goto, markdown, sound
from taken import read, watched

from model.errors import StoreProblem
from pages.ui.frame import account, door
from pages.ui.session import library, person, sign_in, visit

HOUR = 3600


@pytest.fixture(autouse=True)
def nothing_believed(monkeypatch):
    monkeypatch.setattr(visit, "BELIEVED", 0.0)
    monkeypatch.setattr(visit, "LOOKED", 0.0)
    visit._known.clear()


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """Where the browser is sent to sign in or out: AppTest follows nobody there."""
    where: list[str] = []
    monkeypatch.setattr(door.st, "login", lambda provider: where.append(f"login {provider}"))
    monkeypatch.setattr(account.st, "logout", lambda: where.append("logout"))
    return where


def visitor(name: str = "Pan", *groups: str, page: str = "", **more):
    at = signed_in(app("en", "simulate", run=False, boxes=("bar_file",)), name, *(groups or ("budget",)), **more)
    return sound(at.run())


def is_in(at) -> bool:
    return bool(at.slider) and not any(b.key == "door_sign_in" for b in at.button)


def test_nobody_gets_in_without_signing_in_and_nothing_of_a_plan_is_said(store, sent):
    at = app("en", "simulate", run=False)
    signed_in(at, "Pan")
    at.user = {"is_logged_in": False}
    sound(at.run())
    assert not is_in(at) and "Sign in with your company's account" in markdown(at)
    assert "workspace" not in at.session_state and not at.get("html")[-1].proto.body.count("GMV")
    at.button(key="door_sign_in").click().run()
    assert sent == ["login None"]


@pytest.mark.parametrize("age, hours, inside", [(0, None, True), (9.9, None, True), (10.1, None, False), (0.6, 0.5, False), (11, 12, True)])
def test_a_sign_in_lasts_as_long_as_agreed(store, age, hours, inside):
    at = visitor(iat=time.time() - age * HOUR, said={} if hours is None else {"hours": hours})
    assert is_in(at) == inside
    assert inside or f"it lasts {hours or 10:g} hours at most" in markdown(at)


def test_an_identity_without_its_time_is_none(store):
    assert not is_in(visitor(iat=None))


def test_who_has_no_role_is_told_whom_to_ask(store):
    at = visitor("Nora", "nobody", said={"roles": {"planner": ["budget"]}, "contact": "it@example.com"})
    assert not is_in(at) and "Nora" in markdown(at) and "Ask it@example.com for one" in markdown(at)
    assert {b.key for b in at.button} == {"account_out", "account_everywhere"}


def test_a_visit_that_ends_meanwhile_ends_at_the_next_move_and_writes_nothing(store):
    at = visitor()
    at.session_state["workspace"].scenario = at.session_state["workspace"].scenario.with_values({"headline.aov": 1.1})
    signed_in(at, "Pan", "budget", iat=time.time() - 11 * HOUR)
    at.slider(key="lever_cvr").set_value(5.0).run()  # a fragment's run, which app.py has no part in
    assert not is_in(again(at))
    at = goto(visitor(), "scenarios")
    signed_in(at, "Pan", "budget", iat=time.time() - 11 * HOUR)
    at.button(key="desk_new").click().run()
    assert store.list().total == 0 and not is_in(again(at))


def test_a_file_that_was_offered_is_not_made_once_the_visit_is_over(store, monkeypatch):
    with watched() as offered:
        visitor(iat=time.time() - 9 * HOUR)
    (name, make), late = offered["bar_plan"], time.time() + 2 * HOUR
    assert name.endswith(".csv") and b"business" in read(make)
    with monkeypatch.context() as patch:
        patch.setattr(visit.time, "time", lambda: late)
        with pytest.raises(PermissionError):
            read(make)
    assert read(make)
    store.sign_outs.end(sign_in.key_of(claims("Pan")))
    for key, (_, make) in offered.items():
        with pytest.raises(PermissionError):
            read(make)
            pytest.fail(key)


def test_signing_out_ends_all_tabs_of_this_sign_in_and_everywhere_all_others_too(store, sent):
    here, elsewhere = int(time.time()) - 60, int(time.time()) - 120
    assert is_in(visitor(iat=here)) and is_in(visitor(iat=elsewhere))
    at = visitor(iat=here)
    at.button(key="account_out").click().run()
    assert sent == ["logout"] and not is_in(visitor(iat=here)) and is_in(visitor(iat=elsewhere)) and is_in(visitor("Vera", iat=here))
    visitor(iat=elsewhere).button(key="account_everywhere").click().run()
    assert not is_in(visitor(iat=elsewhere)) and not is_in(visitor(iat=elsewhere + 1)) and is_in(visitor("Vera", iat=here))
    assert not is_in(visitor(iat=time.time() + visit.TOLERANCE - 2)), "the provider's clock may be ahead"
    assert is_in(visitor(iat=time.time() + visit.TOLERANCE + 2)), "a new sign-in is one"


def test_whoever_signs_out_everywhere_is_out_himself_however_wrong_the_providers_clock_is(store, sent):
    ahead = time.time() + HOUR
    visitor(iat=ahead).button(key="account_everywhere").click().run()
    assert sent == ["logout"] and not is_in(visitor(iat=ahead))


def test_another_server_knows_within_seconds_and_asks_the_database_seldom(store, monkeypatch):
    monkeypatch.setattr(visit, "BELIEVED", 60.0)
    at, asked = visitor(), []
    known = library.saved.ScenarioStore(*next(k for k, v in library._opened.items() if k[1] and str(store._database.file) in k[0]))
    known.sign_outs.end(sign_in.key_of(claims("Pan")))
    monkeypatch.setattr(type(known.sign_outs), "since", lambda self, whose: asked.append(whose) or {})
    assert is_in(again(at)) and not asked, "believed"
    visit._known.clear()
    assert is_in(again(again(at))) and len(asked) == 1


def test_where_the_database_does_not_answer_work_goes_on_and_signing_out_everywhere_is_not_promised(store, sent, monkeypatch):
    def gone(*_):
        raise StoreProblem("store_unreachable", "db")
    at = visitor()
    monkeypatch.setattr("model.io.store.sign_outs.SignOuts.since", gone)
    monkeypatch.setattr("model.io.store.sign_outs.SignOuts.end", gone)
    assert is_in(again(at))
    at.button(key="account_everywhere").click().run()
    assert not sent and "cannot be reached" in " ".join(e.value for e in again(at).error)
    at.button(key="account_out").click().run()
    assert at.session_state["_leaving"], "and app.py, which AppTest leaves out of a second run, sends the browser out"


def test_where_sign_in_is_required_a_missing_configuration_lets_nobody_in(store, monkeypatch):
    monkeypatch.setenv("SANDTABLE_SIGN_IN", "required")
    at = sound(app("en", "simulate", run=False).run())
    assert not at.slider and "requires sign-in" in markdown(at)
    assert not person.may("save") and person.actor("Wang").roles == frozenset(), "and nobody is the local planner"


def test_a_role_that_there_is_not_lets_nobody_in_and_the_log_says_why(store, caplog):
    at = visitor(said={"roles": {"planer": ["budget"]}})
    assert not is_in(at) and "requires sign-in" in markdown(at)
    assert "there are viewer, planner, approver, admin" in caplog.text


def test_the_menu_says_who_is_signed_in_with_which_roles(store):
    assert "Signed in: Pan (planner)" in " ".join(c.value for c in visitor().caption)
    local = sound(app("en", "simulate", boxes=("bar_file",)))
    assert not any(b.key == "account_out" for b in local.button)
