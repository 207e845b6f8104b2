"""What could be said of the year after each month, and how good it was."""

from __future__ import annotations

import streamlit as st

from model import KPIS, Result, Scenario
from model.review import Actuals, record
from model.review.kept import bare
from model.review.record import OF, Score, Step
from pages.ui.kit import charts, jobs, tables
from pages.ui.kit.formats import DASH, between, money_unit, number, rate
from pages.ui.kit.texts import t
from pages.ui.review import specs
from pages.ui.session import results
from pages.ui.words import reach
from pages.ui.words.month_labels import month_said


def draw(scenario: Scenario, actuals: Actuals, plan: Result) -> None:
    """Month by month what could be said of the year; found beside the page, one forecast a month."""
    about = (bare(scenario), actuals)
    job = jobs.current("landing")
    if job is None or job.of != about:
        draws = results.first_draws(scenario)
        jobs.start("landing", about, lambda progress, stop: record.steps(
            about[0], actuals, draws, lambda part: progress(int(1000 * part), 1000), stop))
    if jobs.running("landing", about):
        jobs.watch("landing", t("review.moving"))
        return
    found = jobs.result("landing", about)
    if found:
        _bands(plan, found)
        _record(plan, actuals, found)


def _bands(plan: Result, found: tuple[Step, ...]) -> None:
    """GMV of the year as it was forecast after each month, and the chance of its target."""
    key = st.session_state.get("review_fan") or OF[0]
    target = reach.target(plan, key, "year")
    names = [t("review.before_year"), *(t("review.after", month=month_said(plan.months[s.months_over - 1], plan.months))
                                        for s in found[1:])]
    rows = []
    for name, step in zip(names, found, strict=True):
        low, middle, high = step.year[key]
        chance = step.chances.get(target.key) if target else None
        rows.append([name, number(middle, KPIS[key].unit), between(low, high, KPIS[key].unit),
                     DASH if chance is None else rate(chance.chance)])
    st.markdown(f"**{t('review.moved_title', kpi=t(f'kpi.{key}.label'))}**", help=t("review.moved_help"))
    divisor, unit = money_unit()
    ends = [v / divisor for s in found for v in s.year[key]]
    low = min(ends) - 0.1 * (max(ends) - min(ends))
    left, right = st.columns([1, 1], gap="medium")
    with left:
        st.vega_lite_chart(specs.bands_data(names, [s.year[key] for s in found], divisor),
                           specs.bands_spec(low, charts.nice(max(ends)), unit, t("review.median"),
                                            float(target.target) / divisor if target else None, t("chart.target")),
                           key="chart_moved", width="stretch", alt=t("review.moved_title", kpi=t(f"kpi.{key}.label")))
    with right:
        tables.plain("review_moved", [t(f"review.{k}") for k in ("when", "median", "band", "target_chance")], rows, words=(0,))


def _record(plan: Result, actuals: Actuals, found: tuple[Step, ...]) -> None:
    scores = [s for key in OF if (s := record.score(plan, actuals, found, key))]
    then = [s for key in OF if (s := record.score_frozen(plan, actuals, key))]
    if not scores and not then:
        return
    st.markdown(f"**{t('review.record')}**", help=t("review.record_help"))
    heads = ("figure", "record_months", "record_inside", "record_forecast", "record_plan", "record_ratio", "record_trend")
    rows = [*(_scored(s, "record_next") for s in scores), *(_scored(s, "record_frozen") for s in then)]
    tables.plain("review_record", [t(f"review.{k}") for k in heads], rows)
    frozen = plan.scenario.book.forecasts
    if frozen:
        st.caption(t("review.kept_forecasts", count=len(frozen), last=frozen[-1].made[:10]))


def _scored(found: Score, of: str) -> list[str]:
    unit = KPIS[found.kpi].unit
    return [t(f"review.{of}", kpi=t(f"kpi.{found.kpi}.label")), str(found.months),
            t("review.inside", inside=found.inside, count=found.months),
            *(number(x, unit) for x in (found.forecast, found.plan, found.ratio, found.trend))]
