"""My own numbers: a new plan from one short form or an uploaded assumptions CSV."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("own")

from pages.ui.kit.texts import plain, t
from pages.ui.own import plan_upload, short_form
from pages.ui.session import state

top_bar.top_bar()
top_bar.problem_box()
st.header(t("own.title"))
st.markdown(plain(t("own.intro")))
form, upload = st.tabs([t("own.form"), t("own.upload")])
with form:
    short_form.form()
with upload:
    plan_upload.upload()
if state.workspace().scenario.base.name != state.SAMPLE:
    st.button(t("own.sample"), icon=":material/restart_alt:", on_click=plan_upload.back_to_sample)
done = st.session_state.pop(short_form.DONE, None)
if done is not None:
    if done:
        st.session_state["_notice"] = ("success", done)
    top_bar.goto("simulate")
