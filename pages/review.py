"""Review: are we on plan, why not, and where will we land? Actual months in, the answer, the months; the rest in sections."""

import streamlit as st

from pages.ui.frame import top_bar

top_bar.guard("review")

from pages.ui.kit import chart_names, page_look, sections
from pages.ui.kit.sections import Section
from pages.ui.kit.texts import t
from pages.ui.review import answer, budget, entering, files, landing, months_grid, moves, notes, refunds, standing, why
from pages.ui.words import periods

SECTIONS = (
    Section("review_why", "review.why", why.draw, opened=True),
    Section("review_landing", "review.landing", landing.draw),
    Section("review_moves", "review.moves", moves.draw),
    Section("review_targets", "review.targets", standing.draw),
    Section("review_refunds", "review.refunds", refunds.draw),
    Section("review_months", "review.months", months_grid.draw),
    Section("review_notes", "review.notes", notes.draw))

page_look.cards_and_tables()
chart_names.names()
top_bar.top_bar()
top_bar.problem_box()
st.header(t("review.title"))
budget.line()
known = entering.known()
if known is not None and known.measured:
    periods.choice()
    answer.draw(known)
    files.offer(known)
    sections.contents(SECTIONS)
    entering.more()
    sections.show(SECTIONS)
elif known is not None:
    entering.first()
    sections.show([section for section in SECTIONS if section.key == "review_months"])
