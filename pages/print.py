"""One page A4 for the meeting: as it will look, to print and to download."""

import streamlit as st

from pages.ui import shell

shell.guard("print")

from pages.ui import onepage_view  # noqa: E402
from pages.ui.texts import t  # noqa: E402

shell.top_bar()
shell.problem_box()
st.header(t("print.title"))
onepage_view.draw()
