"""One report of everything wrong with what came in: where, what stood there, what may stand there, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from model import InvalidInput, Violation
from model.late import Late
from pages.ui.kit.texts import plain, t

pd = Late("pandas")
MAX_SHOWN = 200
MAX_DOUBTS = 20


def sentence(violation: Violation) -> str:
    """A violation in the reader's language."""
    values = {"place": violation.place, "got": violation.got, "allowed": violation.allowed}
    return t(f"violation.{violation.code}.what", **values)


def beside_its_place(violation: Violation) -> str:
    """The sentence for a table that names the place already: in a narrow box the place alone would fill the column."""
    text = sentence(violation)
    for mark in (": ", "："):
        text = text.removeprefix(violation.place + mark)
    return text


def said(doubts: Sequence[Violation]) -> str:
    """What is allowed and likely not meant, as a list: each with what to do, beyond some only counted."""
    lines = [f"- {plain(sentence(v))} {plain(t(f'violation.{v.code}.advice'))}" for v in doubts[:MAX_DOUBTS]]
    more = len(doubts) - MAX_DOUBTS
    return "\n".join([*lines, *([f"- {t('problem.more', count=more)}"] if more > 0 else [])])


def merged(found: Sequence[Violation]) -> list[tuple[Violation, str]]:
    """Violations and where they stand: a bad key, wrong in each line of its row, is one and not ten."""
    out: list[tuple[Violation, str]] = []
    for _, same in groupby(found, key=lambda v: (v.code, v.got, v.allowed) if v.code == "bad_key" else id(v)):
        first, *more = same
        place = t("problem.lines", first=first.place, last=more[-1].place, count=len(more) + 1) if more else first.place
        out.append((first, place))
    return out


def show_problem(problem: InvalidInput, title: str) -> None:
    """The report; what was loaded stays."""
    found = problem.violations
    st.error(f"**{t(title)}** {t('problem.count', count=len(found))}", icon=":material/error:")
    if len(found) == 1:
        only = found[0]
        st.markdown(f"{plain(sentence(only))} {plain(t(f'violation.{only.code}.advice'))}")
        return
    rows = [{t("problem.place"): place, t("problem.got"): v.got, t("problem.allowed"): v.allowed,
             t("problem.what"): beside_its_place(v), t("problem.advice"): t(f"violation.{v.code}.advice")}
            for v, place in merged(found)[:MAX_SHOWN]]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")
