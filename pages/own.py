"""My own numbers: a new plan from one short form or an uploaded assumptions CSV."""

import streamlit as st

from pages.ui import shell

shell.guard("own")

from pages.ui import own_form, own_plan, state  # noqa: E402
from pages.ui.texts import plain, t  # noqa: E402

shell.top_bar()
shell.problem_box()
st.header(t("own.title"))
st.markdown(plain(t("own.intro")))
form, upload = st.tabs([t("own.form"), t("own.upload")])
with form:
    own_form.form()
with upload:
    own_plan.upload()
if state.workspace().scenario.base.name != state.SAMPLE:
    st.button(t("own.sample"), icon=":material/restart_alt:", on_click=own_plan.back_to_sample)
done = st.session_state.pop(own_form.DONE, None)
if done is not None:
    if done:
        st.session_state["_notice"] = ("success", done)
    shell.goto("simulate")
