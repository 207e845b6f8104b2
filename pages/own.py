"""My own numbers: a new plan of what its owner knows, or an uploaded assumptions CSV."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("own")

from pages.ui.kit import page_look, sections
from pages.ui.kit.texts import plain, t
from pages.ui.own import first_look, new_plan, plan_upload
from pages.ui.session import state

top_bar.top_bar()
top_bar.problem_box()
page_look.cards_and_tables()
st.header(t("own.title"))
new_plan.recall()
seen = first_look.panel()
st.markdown(plain(t("own.intro")))
form, upload = st.tabs([t("own.form"), t("own.upload")])
with form:
    if seen:  # the plan is made: its first look is what to read, and the form stands by
        sections.drawer(t("new.again"), "new_again", new_plan.form)
    else:
        new_plan.form()
with upload:
    plan_upload.upload()
if state.workspace().scenario.base.name != state.SAMPLE:
    st.button(t("own.sample"), icon=":material/restart_alt:", on_click=plan_upload.back_to_sample)
new_plan.remember()
