"""Refunds that are still to come: booked and in the end side by side, the curve, and whether the page counts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import streamlit as st

from model import Violation
from model import units as u
from model.plan.book import Book, lag_problems
from model.plan.schema import Driver
from model.review import LAG, Actuals, booked_share, lag_of, mature
from model.review.maturity import look_complete
from pages.ui.frame import saving
from pages.ui.kit import tables, views
from pages.ui.kit.formats import DASH, number, rate
from pages.ui.kit.texts import rules, t, together
from pages.ui.review import entering
from pages.ui.rows import number_grid
from pages.ui.rows.number_grid import Numbers, Place
from pages.ui.session import library, state
from pages.ui.words.month_labels import month_of_year, months_said

#: of a plan's saved versions, the last that are read
_VERSIONS = 120
_SHARE = Driver("lag", u.RATE, None, low=0.01, high=1.0)


def lag() -> tuple[float, ...]:
    """Share of a month's refunds booked by its end, a month later, …; 1 beyond what was said."""
    said = _book().lag or LAG
    return (*said, *[1.0] * len(LAG))[:len(LAG)]


def note() -> str:
    """Whether the figures above count them, and how much they are; "" where nothing is to come."""
    booked = entering.of(state.workspace().scenario)
    said = _to_come(booked, mature(booked, lag()))
    if not said:
        return ""
    if _book().mature:
        return together([t("review.counted_note", **said), *([t("review.counted_complete")] if _complete(booked) else [])])
    return "" if _complete(booked) else t("review.uncounted_note", **said)


def _complete(booked: Actuals) -> bool:
    """Whether the months' refunds look booked in full. A curve of one's own says that they are not."""
    return not _book().lag and look_complete(entering.plan_of(state.workspace().scenario), booked)


def _to_come(booked: Actuals, end: Actuals) -> dict[str, str]:
    """In words: the months whose refunds will grow, by how much together, and net revenue fall; nothing where none will."""
    more = end.total("refunds") - booked.total("refunds")
    months = [m for m, x in zip(booked.months, more, strict=True) if x > 0]
    less = float(np.nansum(booked.of("net_revenue") - end.of("net_revenue")))
    return {"months": months_said(months), "more": number(float(np.nansum(more)), u.YUAN),
            "less": number(less, u.YUAN)} if months else {}


def draw() -> None:
    booked = entering.booked()
    if booked is None:
        return
    end = mature(booked, lag())
    said, complete = _to_come(booked, end), _complete(booked)
    if not said:
        st.caption(t("review.refunds_none"), help=t("review.refunds_help"))
    elif complete:
        st.markdown(f"**{t('review.refunds_complete', **said)}**", help=t("review.refunds_complete_help", **said))
    else:
        st.markdown(f"**{t('review.refunds_title', **said)}**", help=t("review.refunds_help"))
    if said and (not complete or _book().mature):
        _switch()
        _table(booked, end)
    _curve()


def _switch() -> None:
    views.show(st.toggle, t("review.count_refunds"), key="review_mature", value=_book().mature, on_change=_count,
               help=t("review.count_refunds_help"))
    if _book().mature:
        st.caption(t("review.counted_gmv"))


def _table(booked: Actuals, end: Actuals) -> None:
    rows = []
    for month in booked.measured:
        at = booked.months.index(month)
        pairs = [(x.total("refunds")[at], x.of("net_revenue")[at]) for x in (booked, end)]
        rows.append([month_of_year(month), rate(booked_share(booked, month, lag())),
                     *(DASH if np.isnan(v) else number(v, u.YUAN) for pair in zip(*pairs, strict=True) for v in pair)])
    heads = ("month", "booked_share", "refunds_booked", "refunds_mature", "revenue_booked", "revenue_mature")
    tables.plain("review_to_come", [t(f"review.{k}") for k in heads], rows, words=(0,))


def _keep(book: Book) -> None:
    """In a callback: another book, as one step."""
    state.commit(state.workspace().scenario.with_book(book))


def _book() -> Book:
    return state.workspace().scenario.book


def _count() -> None:
    _keep(replace(_book(), mature=st.session_state["review_mature"]))
    st.rerun()


# --- the curve ---------------------------------------------------------------------------------------------------------

def _curve() -> None:
    st.markdown(f"**{t('review.lag')}**", help=t("review.lag_help"))
    typed = lag()[:-1]
    number_grid.show(Numbers(
        "review_lag", t("review.lag"), {"lag": t("review.lag_row")}, None,
        {str(i): t("rows.label", label=t(f"review.lag_{i}"), unit=rules().percent) for i in range(len(typed))},
        lambda *_: (_SHARE, 0), {("lag", str(i)): share for i, share in enumerate(typed)}, _take, st.rerun))
    with st.container(horizontal=True, gap="small"):
        st.button(t("review.lag_read"), key="review_lag_read", icon=":material/history:", on_click=_read,
                  help=t("review.lag_read_help"), disabled=state.workspace().stored is None)
        st.button(t("review.lag_usual"), key="review_lag_usual", icon=":material/restart_alt:", on_click=_usual,
                  disabled=not _book().lag)


def _take(values: Mapping[Place, float | None]) -> Mapping[Place, Violation]:
    """The curve with these shares, unless it would fall."""
    made = list(lag())
    for (_, i), share in values.items():
        made[int(i)] = share if share is not None else LAG[int(i)]
    if bad := lag_problems(made, "lag"):
        return {("lag", i): v for v in bad if (i := v.place.removeprefix("lag ")) and int(i) < len(made) - 1}
    _keep(replace(_book(), lag=tuple(made)))
    return {}


def _usual() -> None:
    _keep(replace(_book(), lag=()))
    st.rerun()


def _read() -> None:
    def act() -> None:
        exports = _exports()
        found = lag_of(exports)
        if np.allclose(found, LAG):
            st.session_state["_notice"] = ("info", t("review.lag_nothing"))
            return
        _keep(replace(_book(), lag=found))
        st.session_state["_notice"] = ("success", t("review.lag_found", count=len(exports)))

    saving.attempt(act)
    st.rerun()


def _exports() -> list[Actuals]:
    """What each saved version and the work at hand know of the months: of those with the same last month the first, when it had
    just ended."""
    stored = state.workspace().stored
    saved = [] if stored is None else [library.store().open(stored.id, v.number).scenario
                                       for v in library.store().history(stored.id)[_VERSIONS::-1]]
    found: dict[int, Actuals] = {}
    for scenario in (*saved, state.workspace().scenario):
        booked = entering.of(scenario)
        if booked.closed and np.isfinite(booked.total("refunds")[booked.closed - 1]):
            found.setdefault(booked.closed, booked)
    return list(found.values())
