"""Scenarios: the planners' desk. Save, find, open, history, take in files."""

import streamlit as st

from pages.ui import shell

shell.guard("scenarios")

from pages.ui import desk, incoming, shelf  # noqa: E402
from pages.ui.texts import t  # noqa: E402

shell.top_bar()
shell.problem_box()
st.header(t("desk.title"))
desk.conflict_box()
with st.container(border=True):
    desk.saver()
shelf.shelf()
with st.expander(t("incoming.title"), icon=":material/upload_file:"):
    incoming.panel("scenarios")
