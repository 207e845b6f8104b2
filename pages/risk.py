"""Risk: how sure are we, and what decides it?"""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("risk")

from pages.ui.kit import chart_names, page_look
from pages.ui.kit.texts import t
from pages.ui.risk import decides, editor, files, view
from pages.ui.session import state
from pages.ui.words import periods

page_look.cards_and_tables()
chart_names.names()
top_bar.top_bar()
top_bar.problem_box()
periods.choice()
found, period = view.current(), periods.chosen()
view.verdict(found, period)
view.precision()
left, right = st.columns(2, gap="medium")
with left:
    view.fan(found)
with right:
    view.distribution(found, period)
left, right = st.columns(2, gap="medium")
with left:
    decides.drivers(found, period)
with right:
    decides.tornado(found, period)
left, right = st.columns(2, gap="medium")
with left:
    decides.scatter(found, period)
with right:
    st.markdown(f"#### {t('risk.chances')}")
    view.chances(found)
st.markdown(f"#### {t('risk.quantiles')}")
view.quantiles(found, period)
files.offer(found)
scenario = state.workspace().scenario
st.markdown(f"#### {t('risk.register')}", help=t("risk.register_help"))
periods.all_months()
editor.switches(scenario)
ready = view.register_of(scenario) if scenario.rows["event"] else None
if ready is not None:
    view.register_tables(scenario, ready)
st.markdown(f"#### {t('risk.stress')}", help=t("risk.stress_help"))
view.stress_table(scenario)
editor.editors()
