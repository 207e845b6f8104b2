"""Method: where does this number come from?"""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("method")

from pages.ui.kit.texts import t
from pages.ui.method import derivation, equations
from pages.ui.session import results, state

top_bar.top_bar()
top_bar.problem_box()
st.header(t("method.title"))
st.markdown(t("method.intro"))
derivation.draw(results.result_of(state.workspace().scenario))
equations.all_figures()
equations.all_lines()
equations.all_kpis()
equations.month_indices()
equations.glossary()
equations.limits()
