"""The short form behind "my own numbers": read as people write numbers, questioned where a unit can hardly be meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from model import InvalidInput, Scenario, Violation
from model import units as u
from model.io.spreadsheet import month_of
from model.plan import drivers as d
from model.plan import lists as li
from model.plan.meaning import meant, unusual, usual
from model.plan.numbers import written
from model.plan.rules import SHARE_TOLERANCE, fit
from model.plan.schema import TABLES, Driver, is_month
from model.plan.starter import Answers, default_answers, starter_plan
from model.units import shown_of
from pages.ui.kit import fields, reading, views
from pages.ui.kit.problems import show_problem
from pages.ui.kit.texts import listed, plain, t
from pages.ui.rows.cells import bullets
from pages.ui.session import state
from pages.ui.words.channel_names import channel_name
from pages.ui.words.driver_labels import number_said

_BUSINESS, _CHANNEL = TABLES[d.BUSINESS], TABLES[d.CHANNEL]
_PEOPLE = TABLES[li.OPENING]["people"]
#: field of the answers -> the driver that says its unit, what may stand there and what is usual
ASKED: dict[str, Driver] = {
    "budget": _BUSINESS["budget"], "aov": _CHANNEL["aov"], "refund_rate": _CHANNEL["refund_rate"],
    "goods_margin_rate": replace(_CHANNEL["goods_margin_rate"], low=0.0), "repurchase_rate": _BUSINESS["repurchase_other_once"],
    "members": _PEOPLE, "customers": _PEOPLE, "visits": _CHANNEL["visits"], "payroll": _BUSINESS["other_overhead"],
    "overhead": _BUSINESS["other_overhead"],
    "gmv_target": replace(TABLES[li.LAST_YEAR]["gmv"], low=0.0),
}
#: shares whose sum is off by no more than this were rounded by hand, and are evened out
_ROUNDED = 0.005
#: what the last try came to: what stood in the form and what is wrong with it, the problem of the plan, what is asked
_TEXTS, _WRONG, _PROBLEM, _QUESTIONS, DONE = "_own_texts", "_own_wrong", "_own_problem", "_own_questions", "_own_done"
Numbers = Mapping[str, Any]


def _opens() -> Answers:
    return default_answers(state.sample_plan(), f"{date.today().year + 1}-01")


def _share_keys(opens: Answers) -> dict[str, str]:
    return {f"own_share_{channel}": channel for channel, _ in opens.shares}


def form() -> None:
    """A dozen questions, the template's figures as they open; nothing is sent before the button."""
    opens, wrong = _opens(), st.session_state.get(_WRONG, {})
    with st.form("own_form", border=False):
        with st.grid(2, min_column_width=250):
            _text("own_name", t("own.name"), t("own.name_default"), wrong, max_chars=60)
            _text("own_start", t("own.start"), opens.start, wrong, max_chars=10, help=t("own.start_help"))
            for field, driver in ASKED.items():
                _number(f"own_{field}", t(f"own.{field}"), driver, getattr(opens, field) or 0.0, wrong)
        st.markdown(f"**{t('own.shares')}**", help=t("own.shares_help"))
        names = Scenario(state.sample_plan())
        with st.grid(3, min_column_width=150):
            for key, channel in _share_keys(opens).items():
                _number(key, plain(channel_name(names, channel)), _CHANNEL["share"], dict(opens.shares)[channel], wrong)
        fields.say(wrong.get("own_shares"))
        st.form_submit_button(t("own.create"), type="primary", icon=":material/add_chart:", on_click=_submit)
    _after()


def _text(key: str, label: str, opens: str, wrong: Mapping[str, Violation], **more) -> None:
    with st.container(gap="xsmall"):
        views.show(st.text_input, label, key=key, value=_typed(key, opens), **more)
        fields.say(wrong.get(key))


def _number(key: str, label: str, driver: Driver, opens: float, wrong: Mapping[str, Violation]) -> None:
    fields.number(label, key, _typed(key, written(opens, driver.unit)), wrong.get(key))


def _typed(key: str, opens: str) -> str:
    """What stood in a field at the last try, else what it opens with."""
    return st.session_state.get(_TEXTS, {}).get(key, opens)


def _after() -> None:
    """What the last try came to, below the button."""
    if st.session_state.get(_WRONG):
        st.error(f"**{t('problem.form')}** {t('own.wrong', count=len(st.session_state[_WRONG]))}", icon=":material/error:")
    if st.session_state.get(_PROBLEM):
        show_problem(st.session_state[_PROBLEM], "problem.form")
    asked: dict[str, float] = st.session_state.get(_QUESTIONS, {})
    if asked:
        st.warning(bullets(t("own.questions"), [_question(f, value) for f, value in asked.items()]), icon=":material/help:")
        better = {f: guess for f, value in asked.items() if (guess := meant(ASKED[f], value)) is not None}
        with st.container(horizontal=True):
            if better:
                words = listed([number_said(guess, ASKED[f].unit) for f, guess in better.items()])
                st.button(t("own.take_meant", values=words), key="own_meant", type="primary", icon=":material/check:",
                          on_click=_take_meant, args=(better,))
            st.button(t("own.as_typed"), key="own_as_typed", on_click=_submit, args=(True,))


def _question(field: str, value: float) -> str:
    driver, guess = ASKED[field], meant(ASKED[field], value)
    low, high = usual(driver)  # type: ignore[misc]  # what is unusual has a usual range
    return t("own.unusual" if guess is None else "own.meant", label=t(f"own.{field}"), value=number_said(value, driver.unit),
             usual=reading.between(low, high, driver.unit), meant="" if guess is None else number_said(guess, driver.unit))


# --- the button ----------------------------------------------------------------------------------------------------------

def _take_meant(better: Mapping[str, float]) -> None:
    for field, value in better.items():
        st.session_state[f"own_{field}"] = written(value, ASKED[field].unit)
    _submit(True)


def _submit(sure: bool = False) -> None:
    """Make the plan of what stands in the form; what is wrong or odd is kept to be said, and changes nothing."""
    opens = _opens()
    keys = {f"own_{f}": (driver, driver.unit) for f, driver in ASKED.items()}
    share = _CHANNEL["share"]
    numbers, wrong, texts = fields.read_all(keys | dict.fromkeys(_share_keys(opens), (share, share.unit)))
    name, start = (st.session_state.get(f"own_{f}", "").strip() for f in ("name", "start"))
    start = month_of(start)
    st.session_state[_TEXTS] = texts | {"own_name": name, "own_start": start}
    wrong |= _of_texts(name, start) | _of_several(numbers, wrong, opens)
    st.session_state[_WRONG], st.session_state[_PROBLEM] = wrong, None
    odd = {f: numbers[f"own_{f}"] for f in ASKED if unusual(ASKED[f], numbers.get(f"own_{f}"))}
    st.session_state[_QUESTIONS] = {} if sure or wrong else odd
    if wrong or odd and not sure:
        return
    values = {f: numbers[f"own_{f}"] for f in ASKED}
    shares, total = _evened({c: numbers[key] for key, c in _share_keys(opens).items()})
    answers = Answers(name or t("own.name_default"), start, shares=tuple(shares.items()),
                      **{**values, "gmv_target": values["gmv_target"] or None})
    try:
        plan = starter_plan(state.sample_plan(), answers)
    except InvalidInput as problem:
        st.session_state[_PROBLEM] = problem
        return
    state.open_scenario(Scenario(plan))
    st.session_state[DONE] = "" if abs(total - 1) <= SHARE_TOLERANCE else t("own.evened", total=f"{shown_of(total, u.RATE):.6g}")


def _of_texts(name: str, start: str) -> dict[str, Violation]:
    out = {}
    if not is_month(start):
        out["own_start"] = Violation("not_a_month", "", start[:20], "2027-01")
    if not fit(name):
        out["own_name"] = Violation("bad_text", "", "")
    return out


def _of_several(numbers: Numbers, wrong: Mapping[str, Violation], opens: Answers) -> dict[str, Violation]:
    """What several answers get wrong together; what is wrong by itself is said by itself."""
    out = {}
    keys = _share_keys(opens)
    if not set(keys) & set(wrong):
        total = sum(numbers[k] for k in keys)
        if abs(total - 1) > _ROUNDED:
            out["own_shares"] = Violation("shares_not_one", t("own.shares"), f"{shown_of(total, u.RATE):.6g} %", "100 %")
    members, customers = numbers.get("own_members"), numbers.get("own_customers")
    if members is not None and customers is not None and customers < members:
        out["own_customers"] = Violation("too_low", "", written(customers, _PEOPLE.unit), f"≥ {written(members, _PEOPLE.unit)}")
    return out


def _evened(shares: Mapping[str, float]) -> tuple[dict[str, float], float]:
    """Shares that add up to one, in proportion, and what they added up to."""
    total = sum(shares.values())
    if abs(total - 1) <= SHARE_TOLERANCE:
        return dict(shares), total
    return {c: round(s / total, 12) for c, s in shares.items()}, total
