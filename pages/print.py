"""One page A4 for the meeting: as it will look, to print and to download."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("print")

from pages.ui.kit.texts import t
from pages.ui.print import view

top_bar.top_bar()
top_bar.problem_box()
st.header(t("print.title"))
view.draw()
