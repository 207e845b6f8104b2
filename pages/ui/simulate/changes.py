"""What changed: the differences from the saved scenario, each with its own undo."""

from __future__ import annotations

import streamlit as st

from model.plan.schema import split
from pages.ui.kit.texts import plain, t
from pages.ui.session import state
from pages.ui.words.place_names import MAX_SHOWN, place_name, shown


def change_list() -> None:
    """One row of pills: a click brings that line back to what was saved. Three elements, whatever changed (`redraw.along`)."""
    space = state.workspace()
    found = state.differences(space.scenario, space.saved)
    st.markdown(f"**{t('changes.title', count=len(found))}**")
    lines = {address: _line(address, old, new) for address, old, new in found[:MAX_SHOWN]}
    st.pills(t("changes.help" if found else "changes.none"), list(lines), key="changes", on_change=_revert,
             format_func=lambda a: f"{plain(lines.get(a) or a)}  ↺")
    if len(found) > MAX_SHOWN:
        st.caption(t("changes.more", count=len(found) - MAX_SHOWN))
    else:
        st.empty()


def _line(address: str, old: object, new: object) -> str:
    name, a = place_name(address), split(address)
    if not a.field:
        return t("changes.row_added" if new else "changes.row_removed", name=name)
    return f"{name}: {shown(address, old)} → {shown(address, new)}"


def _revert() -> None:
    address = st.session_state["changes"]
    st.session_state["changes"] = None
    if address:
        state.revert(address)
    st.rerun()
