"""The desk under the channels page: add, edit, copy and remove channels, each of them one step that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from model import InvalidInput, Scenario
from model.plan import drivers as d
from model.plan.rules import TEXT_LIMIT
from model.plan.schema import Driver
from pages.ui import channel_rows, state, views
from pages.ui.budget import channel_name
from pages.ui.levers import driver_label
from pages.ui.texts import t

PICK = "channel_pick"
#: what stands in the form at once; the rest is under "more"
_FIRST = ("name_zh", "name_en", "share", "cpm", "ctr", "cvr", "aov", "goods_margin_rate", "refund_rate", "new_share",
          "visits", "frequency", "impressions_ref", "saturation", "shape", "carry_over", "join", "stay")


@st.fragment(key="channel_desk")
def desk() -> None:
    scenario = state.workspace().scenario
    st.subheader(t("channels.desk_title"), anchor=False)
    st.caption(t("channels.desk_help"))
    chosen = _pick(scenario)
    kind = scenario.rows[d.CHANNEL][chosen]["kind"]
    with st.container(horizontal=True, gap="small"):
        st.button(t("channels.copy"), key="channel_copy", icon=":material/content_copy:", on_click=_copy, args=(chosen,),
                  disabled=kind != d.PAID, help=t("channels.copy_help"))
        st.button(t("channels.remove"), key="channel_remove", icon=":material/delete:", on_click=_remove, args=(chosen,),
                  disabled=kind == d.ORGANIC, help=t("channels.remove_help"))
    _edit(scenario, chosen, kind)
    _add(scenario)


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
    row, fields = scenario.rows[d.CHANNEL][channel], channel_rows.fields_of(d.CHANNEL, kind)
    fields = {k: r for k, r in fields.items() if k != "kind"}
    # another scenario is another form: what stands in it then comes from the scenario, as after an undo
    prefix = f"edit_{channel}_{hash(scenario)}"
    with st.form(f"form_{prefix}"):
        typed = _inputs(prefix, {k: r for k, r in fields.items() if k in _FIRST}, row)
        with st.expander(t("channels.more")):
            typed |= _inputs(prefix, {k: r for k, r in fields.items() if k not in _FIRST}, row)
        if st.form_submit_button(t("channels.save"), icon=":material/check:", key="channel_save"):
            changed = {k: v for k, v in typed.items() if v != _shown(fields[k], row)}
            stored = {k: _stored(fields[k], v) for k, v in changed.items()}
            _take(lambda: channel_rows.saved(scenario, d.CHANNEL, channel, stored, state.workspace().locks))


def _add(scenario: Scenario) -> None:
    """A new channel: its kind, what has no default, its share; the rest starts from the defaults."""
    box = st.expander(t("channels.add"), key="channel_add", on_change="rerun", icon=":material/add:")
    if not box.open:
        return
    with box:
        words = {k: t(f"choice.kind.{k}.label") for k in channel_rows.kinds_to_add(scenario)}
        kind = st.selectbox(t("driver.channel.kind.label"), list(words), key="new_kind",
                            format_func=lambda k: words.get(k, k), help=t("channels.kind_help"))
        needed = channel_rows.required(kind)
        fields = {k: r for k, r in channel_rows.fields_of(d.CHANNEL, kind).items() if k in (*channel_rows.NAMES, "share")}
        with st.form(f"form_new_{kind}"):
            typed = _inputs(f"new_{kind}", fields | needed, {})
            if st.form_submit_button(t("channels.create"), icon=":material/add:", type="primary", key="channel_create"):
                values = {k: _stored((fields | needed)[k], v) for k, v in typed.items()}
                _create(scenario, kind, values)


def _create(scenario: Scenario, kind: str, values: Mapping[str, object]) -> None:
    known = {k: v for k, v in values.items() if v not in (None, "")}
    key = channel_rows.new_key(scenario, d.CHANNEL, known)
    _take(lambda: channel_rows.saved(scenario, d.CHANNEL, key, {"kind": kind, "share": 0.0} | known, state.workspace().locks),
          key)


def _inputs(prefix: str, fields: Mapping[str, Driver], row: Mapping[str, object]) -> dict[str, object]:
    """One widget an input; what is typed, in the widgets' units. Bounds are left to the check, which reports them all."""
    typed = {}
    with st.grid(4, min_column_width=170, gap="small"):
        for key, driver in fields.items():
            name, help_text = f"{prefix}_{key}", t(f"driver.channel.{key}.help")
            shown = _shown(driver, row)
            if driver.unit.is_number:
                typed[key] = st.number_input(_label(driver), value=shown, step=driver.step * driver.unit.scale, key=name,
                                             format=_format(driver), placeholder=_range(driver), help=help_text)
            elif driver.options:
                words = {o: t(f"choice.{key}.{o}.label") for o in driver.options}
                typed[key] = st.selectbox(_label(driver), driver.options, driver.options.index(shown), key=name,
                                          format_func=lambda o, w=words: w.get(o, o), help=help_text)
            else:
                typed[key] = st.text_input(_label(driver), shown, max_chars=TEXT_LIMIT, key=name, help=help_text)
    return typed


def _label(driver: Driver) -> str:
    unit = t(f"unit.{driver.unit.key}.label") if driver.unit.is_number else ""
    label = driver_label(d.CHANNEL, driver.key)
    return t("channels.with_unit", label=label, unit=unit) if unit else label


def _format(driver: Driver) -> str:
    step = driver.step * driver.unit.scale
    return f"%.{max(driver.unit.decimals, 0 if step == int(step) else 1)}f"


def _range(driver: Driver) -> str:
    """The usual range as a hint in an empty field."""
    if driver.soft is None:
        return ""
    low, high = (f"{v * driver.unit.scale:g}" for v in driver.soft)
    return f"{low} – {high}"


def _shown(driver: Driver, row: Mapping[str, object]) -> object:
    """A row's value as its widget has it; for a row that is not there yet, numbers are left open."""
    value = row.get(driver.key)
    if value is None:
        value = driver.default if row or not driver.unit.is_number else None
    if driver.unit.is_number:
        return None if value is None else round(float(value) * driver.unit.scale, 8)
    return value or ""


def _stored(driver: Driver, shown: object) -> object:
    """What a widget holds as a value of the plan."""
    if not driver.unit.is_number:
        return str(shown).strip()
    return None if shown is None else round(float(shown) / driver.unit.scale, 12)


# --- steps -------------------------------------------------------------------------------------------------------------

def _take(make: Callable[[], Scenario], pick: str = "") -> None:
    """Make a step and show the page; what breaks rules is reported on top and changes nothing."""
    attempt(make)
    if pick:
        st.session_state["_channel_pick"] = pick
    st.rerun()


def attempt(make: Callable[[], Scenario], title: str = "problem.channel") -> None:
    """The step, or a report of everything that is wrong with it."""
    space = state.workspace()
    try:
        state.commit(make())
        space.problem = None
        space.locks = frozenset(c for c in space.locks if c in space.scenario.rows[d.CHANNEL])
    except InvalidInput as problem:
        space.problem, space.problem_title = problem, title


def _copy(channel: str) -> None:
    scenario = state.workspace().scenario
    row = scenario.rows[d.CHANNEL][channel]
    given = {k: row[k] for k in channel_rows.NAMES if row.get(k)} or {"name_en": channel}
    names = {k: channel_rows.copy_name(str(v)) for k, v in given.items()}
    st.session_state["_channel_pick"] = channel_rows.new_key(scenario, d.CHANNEL, names)
    attempt(lambda: channel_rows.copied(scenario, d.CHANNEL, channel, names)[0])
    st.rerun()


def _remove(channel: str) -> None:
    space = state.workspace()
    attempt(lambda: channel_rows.removed(space.scenario, d.CHANNEL, channel, space.locks))
    st.rerun()
