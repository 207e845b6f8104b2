"""Scenarios: the planners' desk. Save, find, open, history, take in files."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("scenarios")

from pages.ui.frame import own_presets, saving, uploads
from pages.ui.kit.texts import t
from pages.ui.scenarios import approval, audit, presets_box, saved_list

top_bar.top_bar()
top_bar.problem_box()
st.header(t("desk.title"))
saving.conflict_box()
with st.container(border=True):
    saving.saver()
if own_presets.offered():
    presets_box.draw()
approval.waiting()
saved_list.shelf()
with st.expander(t("incoming.title"), icon=":material/upload_file:"):
    uploads.panel("scenarios")
audit.box()
