"""Risk: how sure are we, and what decides it?"""

import streamlit as st

from pages.ui import shell

shell.guard("risk")

from pages.ui import named, parts, periods, risk_decides, risk_files, risk_rows, risk_view, state  # noqa: E402
from pages.ui.texts import t  # noqa: E402

parts.styles()
named.names()
shell.top_bar()
shell.problem_box()
periods.choice()
found, period = risk_view.current(), periods.chosen()
risk_view.verdict(found, period)
risk_view.precision()
left, right = st.columns(2, gap="medium")
with left:
    risk_view.fan(found)
with right:
    risk_view.distribution(found, period)
left, right = st.columns(2, gap="medium")
with left:
    risk_decides.drivers(found, period)
with right:
    risk_decides.tornado(found, period)
left, right = st.columns(2, gap="medium")
with left:
    risk_decides.scatter(found, period)
with right:
    st.markdown(f"#### {t('risk.chances')}")
    risk_view.chances(found)
st.markdown(f"#### {t('risk.quantiles')}")
risk_view.quantiles(found, period)
risk_files.offer(found)
scenario = state.workspace().scenario
st.markdown(f"#### {t('risk.register')}", help=t("risk.register_help"))
periods.all_months()
risk_rows.switches(scenario)
ready = risk_view.register_of(scenario) if scenario.rows["event"] else None
if ready is not None:
    risk_view.register_tables(scenario, ready)
st.markdown(f"#### {t('risk.stress')}", help=t("risk.stress_help"))
risk_view.stress_table(scenario)
risk_rows.editors()
