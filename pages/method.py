"""Method: where does this number come from?"""

import streamlit as st

from pages.ui import shell

shell.guard("method")

from pages.ui import (  # noqa: E402
    derivation,
    equations,
    results,  # noqa: E402
    state,
)
from pages.ui.texts import t  # noqa: E402

shell.top_bar()
shell.problem_box()
st.header(t("method.title"))
st.markdown(t("method.intro"))
derivation.draw(results.result_of(state.workspace().scenario))
equations.all_figures()
equations.all_lines()
equations.all_kpis()
equations.month_indices()
equations.glossary()
equations.limits()
