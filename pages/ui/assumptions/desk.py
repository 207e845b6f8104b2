"""The planner's desk: which assumptions are looked at, their list, and the grids in which they are edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from model import Scenario
from model.plan.schema import split
from pages.ui.assumptions import found, listing
from pages.ui.assumptions.found import Asked
from pages.ui.kit import views
from pages.ui.kit.formats import fixed
from pages.ui.kit.texts import listed, plain, t
from pages.ui.rows import cells, sheets
from pages.ui.session import state

#: what was asked for, kept while the session lasts
_ASKED = "_assume_asked"
#: grids that are drawn at once
_GRIDS = 3
#: assumptions of a link that are named
_NAMED = 3
Redraw = Callable[[], None]


def asked() -> Asked:
    """What is looked at: an address of the link before all else."""
    kept: Asked = st.session_state.get(_ASKED, Asked())
    return replace(kept, at=st.query_params.get("at", "")[:2000])


def only(at: str) -> None:
    """In a callback: these addresses alone."""
    st.query_params["at"] = at


def everything() -> None:
    """In a callback: no longer these addresses alone."""
    st.query_params.pop("at", None)


def draw_list(redraw: Redraw) -> None:
    """Filters and list."""
    scenario, now = state.workspace().scenario, asked()
    _filters(scenario, now, redraw)
    addresses = found.asked_for(scenario, now)
    _said(scenario, now, addresses, redraw)
    if addresses:
        listing.show(scenario, addresses, redraw)


def draw_grids(redraw: Redraw) -> None:
    """The grids of what is looked at; they know nothing of influence, so that an edit is answered before it is weighed anew."""
    scenario, now = state.workspace().scenario, asked()
    addresses = found.asked_for(scenario, replace(now, order=found.LISTED))
    ticked = listing.ticked_of(addresses)
    if addresses:
        _grids(scenario, now.narrow or bool(ticked), ticked or addresses, redraw)


# --- what is looked at -------------------------------------------------------------------------------------------------

def _filters(scenario: Scenario, now: Asked, redraw: Redraw) -> None:
    groups = found.groups(scenario)
    change = {"on_change": _ask, "args": (redraw,)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        views.show(st.text_input, t("assumptions.search"), key="assume_words", value=now.words, max_chars=100, width=300,
                   placeholder=t("assumptions.search_hint"), icon=":material/search:", **change)
        views.show(st.selectbox, t("assumptions.group"), ["", *groups], key="assume_group", width=210,
                   value=now.group if now.group in groups else "", **change,
                   format_func=lambda x: found.group_name(x) if x else t("assumptions.every_group"))
        views.show(st.segmented_control, t("assumptions.order"), found.ORDERS, key="assume_order", value=now.order, required=True,
                   format_func=lambda x: t(f"assumptions.by_{x}"), width="content", **change)
        views.show(st.segmented_control, t("assumptions.which"), found.MARKS, key="assume_mark", value=now.mark, required=True,
                   format_func=lambda x: t(f"assumptions.only_{x}"), width="content", **change)


def _ask(redraw: Redraw) -> None:
    st.session_state[_ASKED] = Asked(**{f: st.session_state[f"assume_{f}"] for f in ("words", "group", "order", "mark")})
    everything()
    redraw()


def _said(scenario: Scenario, now: Asked, addresses: list[str], redraw: Redraw) -> None:
    """How many are shown, of what; and the way back to all."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if now.at:
            names = [listing.name_of_address(scenario, a) for a in addresses[:_NAMED]] + ["…"] * (len(addresses) > _NAMED)
            said = t("assumptions.at" if addresses else "assumptions.not_there", names=listed(names))
            st.markdown(plain(said), width="content")
            st.button(t("assumptions.show_all"), key="assume_all", type="tertiary", icon=":material/close:", on_click=_back,
                      args=(redraw,))
        else:
            st.caption(t("assumptions.shown", count=fixed(len(addresses), 0), all=fixed(len(found.every(scenario)), 0)))


def _back(redraw: Redraw) -> None:
    everything()
    redraw()


# --- grids -------------------------------------------------------------------------------------------------------------

def _grids(scenario: Scenario, narrow: bool, addresses: list[str], redraw: Redraw) -> None:
    """Of each table that is looked at, rows by fields; of all together the first."""
    shown = set(addresses)
    tables = list(dict.fromkeys(split(a).table for a in found.every(scenario) if a in shown))
    most = _GRIDS if narrow else 1
    st.markdown(f"**{t('assumptions.edit')}**", help=t("assumptions.edit_help"))
    for table in tables[:most]:
        places = [split(a) for a in found.every(scenario) if a in shown and split(a).table == table]
        cells.show(sheets.of_table(f"edit_{table}", scenario, table, redraw, dict.fromkeys(p.field for p in places),
                                   dict.fromkeys(p.row for p in places)))
    if len(tables) > most:
        st.caption(t("assumptions.more_grids", names=listed(t(f"table.{x}.label") for x in tables[most:])))
