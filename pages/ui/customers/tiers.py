"""Membership tiers: a table to edit, and tiers that come and go; each is one step that can be undone."""

from __future__ import annotations

import streamlit as st

from model import Scenario
from model.plan import lists as li
from model.plan.schema import Value, join
from pages.ui.customers.view import effective
from pages.ui.kit import views
from pages.ui.kit.texts import name_of, plain, t
from pages.ui.rows import cells, sheets, steps
from pages.ui.session import results, state
from pages.ui.session.state import attempt

PICK = "tier_pick"
FIELDS = ("share", "repurchase_once", "repurchase_again", "benefit")
#: tiers that a plan without any starts with: key of the name, share of the members
_START = (("silver", 0.6), ("gold", 0.3), ("diamond", 0.1))


def desk() -> None:
    scenario = state.workspace().scenario
    tiers = scenario.rows[li.TIER]
    words = effective(results.result_of(scenario))
    if not tiers:
        st.info(plain(t("customers.tiers_none", **words)), icon=":material/info:")
        st.button(t("customers.tiers_start"), key="tiers_start", icon=":material/add:", on_click=_start)
        return
    st.info(plain(t("customers.tiers_override", **words)), icon=":material/swap_horiz:")
    _table()
    chosen = _pick(scenario)
    with st.container(horizontal=True, gap="small"):
        st.button(t("customers.tier_copy"), key="tier_copy", icon=":material/content_copy:", on_click=_copy, args=(chosen,),
                  help=t("customers.tier_copy_help"))
        st.button(t("customers.tier_remove"), key="tier_remove", icon=":material/delete:", on_click=_remove, args=(chosen,),
                  help=t("customers.tier_remove_help"))


def _table() -> None:
    scenario = state.workspace().scenario
    cells.show(sheets.of_table("tiers", scenario, li.TIER, st.rerun, FIELDS, head=t("customers.tier_name"), named=True))


def _pick(scenario: Scenario) -> str:
    rows = scenario.rows[li.TIER]
    wanted = st.session_state.get(PICK)
    names = {k: name_of(rows, k) for k in rows}
    return views.show(st.selectbox, t("customers.tier_pick"), list(rows), key=PICK,
                     value=wanted if wanted in rows else next(iter(rows)), format_func=lambda k: names.get(k, k))


def _start() -> None:
    """Three tiers that all have what members have now: nothing changes until they are edited."""
    scenario = state.workspace().scenario
    rates = {"repurchase_once": "repurchase_member_once", "repurchase_again": "repurchase_member_again",
             "benefit": "member_benefit"}
    same = {field: scenario.get(address) for field, address in rates.items()}
    values: dict[str, Value] = {}
    for place, (name, share) in enumerate(_START, 1):  # rows that are added stand in the order of their keys
        key = steps.new_key(scenario, li.TIER, {"name_en": f"{place} {name}"})
        fields = {cells.name_field(): t(f"customers.tier_{name}"), "share": share, **same}
        values |= {join(li.TIER, key, f): v for f, v in fields.items()}
    attempt(lambda: scenario.with_values(values), "problem.cell")
    st.rerun()


def _copy(tier: str) -> None:
    scenario = state.workspace().scenario
    row = scenario.rows[li.TIER][tier]
    given = {k: row[k] for k in steps.NAMES if row.get(k)} or {"name_en": tier}
    names = {k: steps.copy_name(str(v)) for k, v in given.items()}
    attempt(lambda: steps.copied(scenario, li.TIER, tier, names)[0], "problem.cell")
    st.rerun()


def _remove(tier: str) -> None:
    scenario = state.workspace().scenario
    attempt(lambda: steps.removed(scenario, li.TIER, tier), "problem.cell")
    st.rerun()
