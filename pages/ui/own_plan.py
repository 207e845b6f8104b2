"""The short form and the upload behind "my own numbers"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from model import InvalidInput, Plan, Scenario, Violation, read_plan, write_plan
from model.plan.rules import SHARE_TOLERANCE
from model.plan.schema import is_month
from model.plan.starter import Answers, default_answers, starter_plan
from pages.ui import downloads, shell, state
from pages.ui.budget import channel_name
from pages.ui.problems import sentence, show_problem
from pages.ui.texts import plain, t

#: field of the answers -> (scale of what is typed, step, highest)
_NUMBERS = {
    "budget": (1, 100_000.0, 1e11), "aov": (1, 1.0, 1e6), "refund_rate": (100, 0.5, 95.0),
    "goods_margin_rate": (100, 0.5, 99.0), "repurchase_rate": (100, 0.5, 99.0), "members": (1, 100.0, 1e9),
    "customers": (1, 1000.0, 1e10), "visits": (1, 1000.0, 1e10), "payroll": (1, 1000.0, 1e9),
    "overhead": (1, 1000.0, 1e9), "gmv_target": (1, 1_000_000.0, 1e12),
}


def form() -> None:
    """A dozen questions, the template's figures as they open; nothing is sent before the button."""
    template = state.sample_plan()
    opens = default_answers(template, f"{date.today().year + 1}-01")
    with st.form("own_form", border=False):
        questions = st.grid(2, min_column_width=250)
        name = questions.text_input(t("own.name"), t("own.name_default"), max_chars=60, key="own_name")
        start = questions.text_input(t("own.start"), opens.start, max_chars=7, key="own_start", help=t("own.start_help"))
        typed = {}
        for field, (scale, step, high) in _NUMBERS.items():
            value = float(getattr(opens, field) or 0.0) * scale
            typed[field] = questions.number_input(
                t(f"own.{field}"), 0.0, high, round(value, 1), step, key=f"own_{field}",
                format="%.1f" if scale == 100 else "%.0f")
        st.markdown(f"**{t('own.shares')}**", help=t("own.shares_help"))
        shares = {}
        with st.grid(3, min_column_width=150):
            for channel, share in opens.shares:
                shares[channel] = st.number_input(plain(channel_name(Scenario(template), channel)), 0.0, 100.0,
                                                  round(share * 100, 1), 1.0, key=f"own_share_{channel}", format="%.1f")
        if st.form_submit_button(t("own.create"), type="primary", icon=":material/add_chart:"):
            _create(template, opens, name.strip(), start.strip(), typed, shares)


def _create(template: Plan, opens: Answers, name: str, start: str, typed: dict, shares: dict) -> None:
    numbers = {field: value / _NUMBERS[field][0] for field, value in typed.items()}
    answers = replace(opens, name=name or t("own.name_default"), start=start,
                      shares=tuple((c, round(s / 100, 6)) for c, s in shares.items()),
                      **{**numbers, "gmv_target": numbers["gmv_target"] or None})
    try:
        problems = _form_problems(answers)
        if problems:
            raise InvalidInput(problems)
        plan = starter_plan(template, answers)
    except InvalidInput as problem:
        show_problem(problem, "problem.form")
        return
    _take(plan)


def _form_problems(answers: Answers) -> list[Violation]:
    """What the form's own fields get wrong, in the form's words, before the plan is made."""
    out = []
    if not is_month(answers.start):
        out.append(Violation("not_a_month", t("own.start"), answers.start[:20], "2027-01"))
    if not answers.name.isprintable():
        out.append(Violation("bad_text", t("own.name"), ""))
    total = sum(share for _, share in answers.shares)
    if abs(total - 1) > SHARE_TOLERANCE:
        out.append(Violation("shares_not_one", t("own.shares"), f"{total * 100:.1f} %", "100 %"))
    if answers.customers < answers.members:
        out.append(Violation("too_low", t("own.customers"), f"{answers.customers:,.0f}", f"≥ {answers.members:,.0f}"))
    return out


def _take(plan: Plan) -> None:
    """Work on this plan from now on; the one at hand is an undo away."""
    state.open_scenario(Scenario(plan))
    st.session_state["_own_done"] = True
    st.rerun()


def upload() -> None:
    """Template out, table in: what would be taken is shown before it is."""
    scenario = state.workspace().scenario
    st.markdown(plain(t("own.upload_help")))
    with st.container(horizontal=True):
        downloads.button(t("own.template"), "own_template", "template",
                         lambda: write_plan(state.sample_plan()).encode("utf-8-sig"), of="")
        downloads.button(t("own.template_now"), "own_now", "assumptions", lambda: shell.assumptions_csv(scenario))
    file = st.file_uploader(t("own.file"), type=["csv", "txt"], key="own_file", max_upload_size=4)
    if file is None:
        return
    try:
        plan = read_plan(file.getvalue(), "own")
    except InvalidInput as problem:
        show_problem(problem, "problem.csv")
        return
    st.success(t("own.preview", channels=len(plan.rows["channel"]), promotions=len(plan.rows["promotion"]),
                 values=len(plan.values)))
    unusual = plan.warnings()
    if unusual:
        st.warning(t("own.warnings", count=len(unusual)) + "\n\n" + "\n".join(
            f"- {plain(sentence(v))}" for v in unusual[:20]))
    if st.button(t("own.use"), type="primary", key="own_use"):
        _take(plan)


def back_to_sample() -> None:
    state.open_scenario(Scenario(state.sample_plan()))
