"""Customers: do they come back? Answer and pictures; the numbers and the tiers in sections."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("customers")

from pages.ui.customers import tiers, view
from pages.ui.frame import grids, industry, levers
from pages.ui.kit import chart_names, page_look, sections
from pages.ui.kit.sections import Section
from pages.ui.kit.texts import t
from pages.ui.session import results, state
from pages.ui.words import periods


def result():
    return results.result_of(state.workspace().scenario)


def draw_worth() -> None:
    st.caption(t("customers.worth_help"))
    grids.show(view.worth_grid(result()))


def draw_cohorts() -> None:
    st.caption(t("customers.cohorts_help"))
    grids.show(view.triangle_grid(result()))


SECTIONS = (
    Section("customer_worth", "customers.worth_title", draw_worth),
    Section("repurchase_rates", "customers.rates_title", lambda: view.rates(result())),
    Section("customer_months", "customers.months_title", lambda: grids.show(view.months_grid(result()))),
    Section("cohorts", "customers.cohorts_title", draw_cohorts),
    Section("tiers", "customers.tiers_title", tiers.desk))
#: fragments that show results, in the order in which a move draws them
OUTPUTS = ("customer_answer", "customer_pictures", *sections.fragments(SECTIONS), "customer_kept")


@st.fragment(key="customer_answer")
def draw_answer() -> None:
    view.answer(result())


@st.fragment(key="customer_pictures")
def draw_pictures() -> None:
    with st.grid(2, min_column_width=330, gap="medium"):
        view.pool_picture(result())
        view.repeats_picture(result())
        view.triangle_picture(result())
        view.payback_picture(result())


@st.fragment(key="customer_kept")
def keep() -> None:
    state.remember()


page_look.cards_and_tables()
chart_names.names()
industry.ink()
top_bar.top_bar()
top_bar.problem_box()
st.header(t("customers.title"))
periods.all_months()
draw_answer()
sections.contents(SECTIONS)
levers.factors(("repurchase_rate", "refund_rate", "aov", "traffic_price"), OUTPUTS, columns=4)
draw_pictures()
sections.show(SECTIONS)
keep()
