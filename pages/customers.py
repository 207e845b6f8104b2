"""Customers: do they come back?"""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("customers")

from pages.ui.customers import tiers, view
from pages.ui.frame import grids, industry, levers
from pages.ui.kit import chart_names, page_look
from pages.ui.kit.texts import t
from pages.ui.session import results, state

#: fragments that show results, in the order in which a move draws them
OUTPUTS = ("customer_answer", "customer_pictures", "customer_tables")


@st.fragment(key="bar")
def draw_bar() -> None:
    top_bar.top_bar()


@st.fragment(key="customer_answer")
def draw_answer() -> None:
    view.answer(results.result_of(state.workspace().scenario))


@st.fragment(key="customer_pictures")
def draw_pictures() -> None:
    result = results.result_of(state.workspace().scenario)
    with st.grid(2, min_column_width=330, gap="medium"):
        view.pool_picture(result)
        view.repeats_picture(result)
        view.triangle_picture(result)
        view.payback_picture(result)


@st.fragment(key="customer_tables")
def draw_tables() -> None:
    result = results.result_of(state.workspace().scenario)
    st.subheader(t("customers.worth_title"), anchor=False)
    st.caption(t("customers.worth_help"))
    grids.show(view.worth_grid(result))
    st.subheader(t("customers.rates_title"), anchor=False)
    view.rates(result)
    months = st.expander(t("customers.months_title"), key="months_box", on_change="rerun", icon=":material/calendar_month:")
    if months.open:
        with months:
            grids.show(view.months_grid(result))
    cohorts = st.expander(t("customers.cohorts_title"), key="cohorts_box", on_change="rerun", icon=":material/grid_on:")
    if cohorts.open:
        with cohorts:
            st.caption(t("customers.cohorts_help"))
            grids.show(view.triangle_grid(result))
    state.remember()


page_look.cards_and_tables()
chart_names.names()
industry.ink()
draw_bar()
top_bar.problem_box()
st.header(t("customers.title"))
draw_answer()
levers.factors(("repurchase_rate", "refund_rate", "aov", "traffic_price"), OUTPUTS, columns=4)
draw_pictures()
draw_tables()
tiers.desk()
