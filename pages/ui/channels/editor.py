"""The desk under the channels page: add, edit, copy and remove channels, each of them one step that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from model import Scenario
from model.plan import drivers as d
from model.plan.numbers import written
from model.plan.rules import TEXT_LIMIT
from model.plan.schema import Driver, Row, Value
from pages.ui.kit import fields, sections, views
from pages.ui.kit.texts import t
from pages.ui.rows import steps
from pages.ui.session import state
from pages.ui.session.state import attempt
from pages.ui.words.channel_names import channel_name
from pages.ui.words.driver_labels import label_with_unit

PICK = "channel_pick"
#: the last try: of which form, what stood in its numbers, what is wrong with them
_LAST = "_channel_typed"
#: what stands in the form at once; the rest is under "more"
_FIRST = ("name_zh", "name_en", "share", "cpm", "ctr", "cvr", "aov", "goods_margin_rate", "refund_rate", "new_share",
          "visits", "frequency", "impressions_ref", "saturation", "shape", "carry_over", "join", "stay")
#: later years' months have a grid of yuan on Plan
_LATER_MONTHS = {d.of_year(field, year) for field in d.PHASING for year in d.LATER_YEARS}


def desk() -> None:
    scenario = state.workspace().scenario
    st.caption(t("channels.desk_help"))
    chosen = _pick(scenario)
    kind = scenario.rows[d.CHANNEL][chosen]["kind"]
    with st.container(horizontal=True, gap="small"):
        st.button(t("channels.copy"), key="channel_copy", icon=":material/content_copy:", on_click=_copy, args=(chosen,),
                  disabled=kind != d.PAID, help=t("channels.copy_help"))
        st.button(t("channels.remove"), key="channel_remove", icon=":material/delete:", on_click=_remove, args=(chosen,),
                  disabled=kind == d.ORGANIC, help=t("channels.remove_help"))
    _edit(scenario, chosen, kind)
    sections.drawer(t("channels.add"), "channel_add", lambda: _add(scenario), ":material/add:")


def _pick(scenario: Scenario) -> str:
    keys = list(scenario.rows[d.CHANNEL])
    wanted = st.session_state.pop("_channel_pick", st.session_state.get(PICK))
    words = {k: t("channels.of_kind", name=channel_name(scenario, k), kind=t(f"choice.kind.{row['kind']}.label"))
             for k, row in scenario.rows[d.CHANNEL].items()}
    return views.show(st.selectbox, t("channels.pick"), keys, key=PICK, value=wanted if wanted in keys else keys[0],
                     format_func=lambda k: words.get(k, k))


# --- forms -------------------------------------------------------------------------------------------------------------

def _edit(scenario: Scenario, channel: str, kind: str) -> None:
    """All inputs of a channel; saved together."""
    row, inputs = scenario.rows[d.CHANNEL][channel], steps.fields_of(d.CHANNEL, kind)
    inputs = {k: r for k, r in inputs.items() if k != "kind" and 12 * (d.YEAR_OF.get(k, 1) - 1) < scenario.get("months")
              and k not in _LATER_MONTHS}
    # another scenario is another form: what stands in it then comes from the scenario, as after an undo
    prefix = f"edit_{channel}_{hash(scenario)}"
    with st.form(f"form_{prefix}"):
        _inputs(prefix, {k: r for k, r in inputs.items() if k in _FIRST}, row)
        with st.expander(t("channels.more")):
            _inputs(prefix, {k: r for k, r in inputs.items() if k not in _FIRST}, row)
        st.form_submit_button(t("channels.save"), icon=":material/check:", key="channel_save", on_click=_save,
                              args=(channel, prefix, inputs))
        _count(prefix)


def _save(channel: str, prefix: str, inputs: Mapping[str, Driver]) -> None:
    """What was changed as one step; nothing while something in the form cannot be read."""
    space = state.workspace()
    row = space.scenario.rows[d.CHANNEL][channel]
    typed = _typed(prefix, inputs, row)
    if typed is not None:
        _take(lambda: steps.saved(space.scenario, d.CHANNEL, channel, typed, space.locks))
    st.rerun()


def _add(scenario: Scenario) -> None:
    """A new channel: its kind, what has no default, its share; the rest starts from the defaults."""
    words = {k: t(f"choice.kind.{k}.label") for k in steps.kinds_to_add(scenario)}
    kind = views.choose(t("driver.channel.kind.label"), list(words), key="new_kind",
                        format_func=lambda k: words.get(k, k), help=t("channels.kind_help"))
    known = steps.fields_of(d.CHANNEL, kind)
    inputs = {k: r for k, r in known.items() if k in (*steps.NAMES, "share")} | steps.required(kind)
    with st.form(f"form_new_{kind}"):
        _inputs(f"new_{kind}", inputs, {})
        st.form_submit_button(t("channels.create"), icon=":material/add:", type="primary", key="channel_create",
                              on_click=_create, args=(kind, inputs))
        _count(f"new_{kind}")


def _create(kind: str, inputs: Mapping[str, Driver]) -> None:
    typed, space = _typed(f"new_{kind}", inputs, {}), state.workspace()
    if typed is not None:
        known: dict[str, Value] = {k: v for k, v in typed.items() if v not in (None, "")}
        key = steps.new_key(space.scenario, d.CHANNEL, known)
        new: dict[str, Value] = {"kind": kind, "share": 0.0, **known}
        _take(lambda: steps.saved(space.scenario, d.CHANNEL, key, new, space.locks), key)
    st.rerun()


def _inputs(prefix: str, inputs: Mapping[str, Driver], row: Row) -> None:
    """One widget an input; what is wrong with the last try is said below each."""
    of, texts, wrong = st.session_state.get(_LAST, ("", {}, {}))
    texts, wrong = (texts, wrong) if of == prefix else ({}, {})
    with st.grid(4, min_column_width=170, gap="small"):
        for key, driver in inputs.items():
            name, help_text, shown = f"{prefix}_{key}", t(f"driver.channel.{key}.help"), _shown(driver, row)
            if driver.unit.is_number:
                fields.number(label_with_unit(d.CHANNEL, key), name, texts.get(name, shown), wrong.get(name),
                              placeholder=_range(driver), help=help_text)
            elif driver.options:
                words = {o: t(f"choice.{key}.{o}.label") for o in driver.options}
                views.choose(label_with_unit(d.CHANNEL, key), driver.options, key=name, format_func=words.__getitem__,
                             index=driver.options.index(shown), help=help_text)
            else:
                st.text_input(label_with_unit(d.CHANNEL, key), shown, max_chars=TEXT_LIMIT, key=name, help=help_text)


def _count(prefix: str) -> None:
    """How much is wrong, beside the button: a field may stand further up."""
    of, _, wrong = st.session_state.get(_LAST, ("", {}, {}))
    if of == prefix and wrong:
        st.error(f"**{t('problem.channel')}** {t('own.wrong', count=len(wrong))}", icon=":material/error:")


def _typed(prefix: str, inputs: Mapping[str, Driver], row: Row) -> dict[str, Value] | None:
    """What was changed in a form, as values of the plan; None where something is wrong, which is then said. In a callback."""
    shown = {k: _shown(r, row) for k, r in inputs.items()}
    held = {k: st.session_state.get(f"{prefix}_{k}", shown[k]) for k in inputs}
    needed = set() if row else set(steps.required(d.PAID) | steps.required(d.OWNED)) & set(inputs)
    changed = {k: r for k, r in inputs.items() if held[k] != shown[k] or k in needed}
    numbers = {k: r for k, r in changed.items() if r.unit.is_number}
    found = fields.read_all({f"{prefix}_{k}": (r, r.unit) for k, r in numbers.items()})
    st.session_state[_LAST] = (prefix, found.texts, found.wrong)
    if found.wrong:
        return None
    return {k: found.numbers[f"{prefix}_{k}"] if k in numbers else str(held[k]).strip() for k in changed}


def _range(driver: Driver) -> str:
    """The usual range as a hint in an empty field."""
    if driver.soft is None:
        return ""
    low, high = (written(v, driver.unit) for v in driver.soft)
    return f"{low} – {high}"


def _shown(driver: Driver, row: Row) -> str:
    """A row's value as its widget has it; for a row that is not there yet, numbers are left open."""
    value = row.get(driver.key)
    if value is None:
        value = driver.default if row or not driver.unit.is_number else None
    if driver.unit.is_number:
        return "" if value is None else written(value, driver.unit)
    return str(value or "")


# --- steps -------------------------------------------------------------------------------------------------------------

def _take(make: Callable[[], Scenario], pick: str = "") -> None:
    """A step of a form: what was typed is forgotten once it is taken."""
    attempt(make)
    if state.workspace().problem is None:
        st.session_state.pop(_LAST, None)
        if pick:
            st.session_state["_channel_pick"] = pick


def _copy(channel: str) -> None:
    scenario = state.workspace().scenario
    row = scenario.rows[d.CHANNEL][channel]
    given = {k: row[k] for k in steps.NAMES if row.get(k)} or {"name_en": channel}
    names = {k: steps.copy_name(str(v)) for k, v in given.items()}
    st.session_state["_channel_pick"] = steps.new_key(scenario, d.CHANNEL, names)
    attempt(lambda: steps.copied(scenario, d.CHANNEL, channel, names)[0])
    st.rerun()


def _remove(channel: str) -> None:
    space = state.workspace()
    attempt(lambda: steps.removed(space.scenario, d.CHANNEL, channel, space.locks))
    st.rerun()
