"""Compare: which plan, and why do they differ?"""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("compare")

from pages.ui.compare import bridges, comparison, files
from pages.ui.kit import chart_names, page_look
from pages.ui.kit.texts import t
from pages.ui.words import periods

page_look.cards_and_tables()
chart_names.names()
top_bar.top_bar()
top_bar.problem_box()
st.header(t("compare.title"))
sides = comparison.pick()
if len(sides) < 2:
    st.info(t("compare.too_few"), icon=":material/compare_arrows:")
else:
    periods.choice(comparison.longest(sides))
    period = periods.chosen(comparison.longest(sides))
    answer = st.container()
    start, end, kpi_key, point = bridges.controls(sides)
    bridge = comparison.bridge_between(sides, start, end, kpi_key, period)
    with answer:
        comparison.verdict(sides, bridge, start, end, period)
    shown = bridge if point == "plan" else bridges.bridge_at(sides, start, end, kpi_key, point, period)
    if shown is not None:
        bridges.draw(shown, sides, start, end, period)
    comparison.kpi_table(sides, period)
    left, right = st.columns(2, gap="medium")
    with left:
        comparison.months(sides, period)
    with right:
        comparison.spend_by_channel(sides, period)
    comparison.assumptions(sides)
    files.offer(sides, bridge, (start, end), period)
    comparison.risks(sides, period)
