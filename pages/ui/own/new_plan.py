"""A plan of one's own: the shop as its owner knows it; what is left open comes from the trade's template of its category."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

import streamlit as st

from model import KPIS, InvalidInput, Scenario, Violation
from model import units as u
from model.analysis import first_look as look
from model.io.spreadsheet import day_of, month_of
from model.io.trade import read_trade
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import trade as tr
from model.plan.meaning import meant, unusual, usual
from model.plan.new_plan import ChannelWish, PromotionWish, Wish, new_plan
from model.plan.numbers import written
from model.plan.rules import SHARE_TOLERANCE, month_number, parse_day
from model.plan.schema import TABLES, is_month
from pages.ui.kit import fields, reading, views
from pages.ui.kit.problems import sentence, show_problem
from pages.ui.kit.texts import listed, own_name, t
from pages.ui.own import first_look
from pages.ui.rows import typed_rows
from pages.ui.rows.cells import MOST_NAMED, bullets
from pages.ui.rows.typed_rows import Column, Grid
from pages.ui.session import state
from pages.ui.words.driver_labels import label_with_unit, number_said
from pages.ui.words.periods import period_name

_BUSINESS, _CHANNEL = TABLES[d.BUSINESS], TABLES[d.CHANNEL]
_PEOPLE = TABLES[li.OPENING]["people"]
#: single numbers that are asked: what opens them comes from the sample, "" where it is left open
_NUMBERS = {"budget": _BUSINESS["budget"], "members": _PEOPLE, "customers": _PEOPLE, "visits": _CHANNEL["visits"],
            "overhead": _BUSINESS["other_overhead"]}
#: figures of the whole shop, which scale what nobody typed by channel; left open they are the template's
_BLENDS = {"aov": _CHANNEL["aov"], "refund_rate": _CHANNEL["refund_rate"],
           "goods_margin_rate": replace(_CHANNEL["goods_margin_rate"], low=0.0),
           "repurchase_rate": _BUSINESS["repurchase_other_once"]}
#: what may be said of a channel by itself
_OF_CHANNEL = ("share", "cpm", "ctr", "cvr", "aov", "goods_margin_rate", "refund_rate")
_MONTHS = (6, 12, 18, 24, 36)
#: shares whose sum is off by no more than this were rounded by hand, and are evened out
_ROUNDED = 0.005
_MOST_WRONG = 60
#: what stood in the texts; what of the last try cannot be, or can hardly be meant
_TEXTS, _WRONG, _PROBLEM, _ODD, _SEEN = "_new_texts", "_new_wrong", "_new_problem", "_new_odd", "_new_seen"


@dataclass(frozen=True, slots=True)
class Odd:
    """A number that can hardly be meant: the key of its field, or its grid's name, row and column."""

    at: str | tuple[str, int, str]
    label: str
    value: float
    driver: d.Driver

    @property
    def guess(self) -> float | None:
        return meant(self.driver, self.value)


@lru_cache(maxsize=1)
def trade() -> tr.Trade:
    return read_trade((state.SAMPLE_FOLDER / "trade.csv").read_bytes())


def form() -> None:
    """What is asked, from the frame to the targets, and the button."""
    st.subheader(t("new.shop"), anchor=False)
    with st.grid(3, min_column_width=220):
        _text("name", t("own.name_default"), max_chars=60)
        _text("start", f"{date.today().year + 1}-01", max_chars=10, help=t("own.start_help"))
        _choice("months", list(_MONTHS), 12, lambda n: t("period.short", count=n))
        _choice("category", list(tr.CATEGORIES), "apparel", lambda key: t(f"trade.category.{key}"), help=t("new.category_help"))
        for key, driver in _NUMBERS.items():
            fields.kept(t(f"own.{key}"), f"new_{key}", driver, _opens()[key])
    st.markdown(f"**{t('new.whole')}**", help=t("new.whole_help"))
    with st.grid(4, min_column_width=200):
        for key, driver in _BLENDS.items():
            fields.kept(t(f"own.{key}"), f"new_{key}", replace(driver, optional=True), None)
    for name, grid in _grids().items():
        st.subheader(t(f"typed.{name}"), anchor=False)
        st.caption(t(f"new.{name}_help"))
        typed_rows.show(grid)
    st.button(t("own.create"), key="new_create", type="primary", icon=":material/add_chart:", on_click=_create)
    _after()


def _opens() -> dict[str, float]:
    """What the single numbers open with: the sample's."""
    sample = Scenario(state.sample_plan())
    people = [(r["group"], r.get("people", 0.0)) for r in sample.rows[li.OPENING].values()]
    return {"budget": sample.get("budget"), "members": sum(n for g, n in people if g == "member"),
            "customers": sum(n for _, n in people), "visits": sample.get("channel.organic.visits"),
            "overhead": sum(sample.get(k) for k in ("other_overhead", "technology", "supply_chain_reserve"))}


def _said(key: str, opens: object) -> object:
    return st.session_state.setdefault(_TEXTS, {}).get(key, opens)


def _text(key: str, opens: str, **more) -> None:
    views.show(st.text_input, t(f"own.{key}"), key=f"new_{key}", value=_said(key, opens), on_change=_keep_text,
               args=(key,), **more)


def _choice(key: str, options: list, opens: object, words: Callable, **more) -> None:
    views.show(st.selectbox, t(f"new.{key}"), options, key=f"new_{key}", value=_said(key, opens), format_func=words,
               on_change=_keep_text, args=(key,), **more)


def _keep_text(key: str) -> None:
    st.session_state.setdefault(_TEXTS, {})[key] = st.session_state[f"new_{key}"]


# --- the draft ---------------------------------------------------------------------------------------------------------

#: the grids of the form, by name
_NAMES = ("channels", "promotions", "team", "targets")


def recall() -> None:
    """What an earlier visit of this draft had typed, before the form is drawn in this one."""
    own = state.workspace().own
    if own and _TEXTS not in st.session_state:
        st.session_state[_TEXTS] = dict(own.get("texts", {}))
        fields.tell(own.get("numbers", {}))
        typed_rows.tell(own.get("rows", {}))


def remember() -> None:
    """What stands in the form now, with the draft: a reload goes on with it."""
    own = {"texts": dict(st.session_state.get(_TEXTS, {})), "numbers": fields.told("new_"), "rows": typed_rows.told(_NAMES)}
    own = {part: typed for part, typed in own.items() if typed}
    if own != state.workspace().own:
        state.workspace().own = own
        state.remember()


# --- grids -------------------------------------------------------------------------------------------------------------

def _grids() -> dict[str, Grid]:
    return {"channels": _channels(), "promotions": _promotions(), "team": _team(), "targets": _targets()}


def _channels() -> Grid:
    numbers = tuple(Column(f, label_with_unit(d.CHANNEL, f), replace(_CHANNEL[f], optional=True),
                           help=t(f"driver.channel.{f}.help")) for f in _OF_CHANNEL)
    kinds = tuple(k for k, kind in tr.KINDS.items() if kind != d.ORGANIC)
    opens = [{"kind": kind, "name": t(f"trade.kind.{kind}"), "share": written(float(figure["share"].value), u.RATE)}
             for kind in kinds if "share" in (figure := trade().of(tr.KIND, kind)) and figure["share"].value]
    return Grid("channels", (Column("kind", t("new.kind"), options=kinds, words=lambda k: t(f"trade.kind.{k}")),
                             Column("name", t("channel.name")), *numbers), opens)


def _promotions() -> Grid:
    calendar = {key: trade().of(tr.PROMOTION, key) for key in trade().keys(tr.PROMOTION)}
    names = {key: own_name({f: of[f].value for f in ("name_zh", "name_en")}, key) for key, of in calendar.items()}
    opens = [{"like": key, "name": names[key], "first": of["first"].value, "last": of["last"].value}
             for key, of in calendar.items() if of["usual"].value == 1]
    return Grid("promotions", (
        Column("like", t("new.like"), options=tuple(names), words=names.__getitem__), Column("name", t("new.name")),
        Column("first", t("driver.promotion.first.label"), help=t("new.day_help")),
        Column("last", t("driver.promotion.last.label"), help=t("new.day_help"))), opens)


def _team() -> Grid:
    team = TABLES[li.TEAM]
    return Grid("team", (Column("role", t("new.role")), Column("heads", label_with_unit(li.TEAM, "heads"), team["heads"]),
                         Column("cost", label_with_unit(li.TEAM, "monthly_cost"), team["monthly_cost"])), ())


def _targets() -> Grid:
    months = int(_said("months", 12))  # type: ignore[call-overload]  # one of _MONTHS
    years = [f"year{y}" if y > 1 else "year" for y in range(1, 1 + -(-months // 12))]
    periods = [*years, *(f"Q{q}" for q in range(1, 1 + months // 3)), *_month_labels(months)]
    opens = [{"kpi": key, "period": "year", "value": None} for key in ("gmv", "net_margin_rate")]
    return Grid("targets", (
        Column("kpi", t("driver.target.kpi.label"), options=tuple(li.TARGET_KPIS), words=_target_word),
        Column("period", t("driver.target.period.label"), options=tuple(periods),
               words=lambda p: period_name(p, months)),
        Column("value", t("new.value"), TABLES[li.TARGET]["value"], help=t("new.value_help"))), opens)


def _target_word(key: str) -> str:
    unit = t(f"unit.{KPIS[key].unit.key}.label")
    return t("rows.label", label=t(f"kpi.{key}.label"), unit=unit) if unit else t(f"kpi.{key}.label")


def _month_labels(months: int) -> list[str]:
    start = month_of(str(_said("start", f"{date.today().year + 1}-01")))
    if not is_month(start):
        return []
    first = month_number(start)
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(first, first + months)]


# --- the button --------------------------------------------------------------------------------------------------------

@dataclass(slots=True)
class _Try:
    """What a try came to beside a plan: lines of what cannot be, and what can hardly be meant."""

    wrong: list[str] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)

    def look(self, at: str | tuple[str, int, str], label: str, driver: d.Driver, value: float | None) -> None:
        if unusual(driver, value) and value is not None:
            self.odd.append(Odd(at, label, value, driver))


def _create(sure: bool = False) -> None:
    """Make the plan of what stands on the page; what is wrong or odd is kept to be said, and changes nothing."""
    tried = _Try()
    for grid in _grids().values():
        typed_rows.keep(grid)
    wish, blends = _wish(tried)
    st.session_state[_WRONG], st.session_state[_PROBLEM] = tried.wrong, None
    st.session_state[_ODD], st.session_state[_SEEN] = [] if sure else tried.odd, _typed()
    if tried.wrong or tried.odd and not sure:
        return
    try:
        plan = new_plan(state.sample_plan(), trade(), wish)
        plan, met = look.meet(plan, blends)
    except InvalidInput as problem:
        st.session_state[_PROBLEM] = problem
        return
    state.open_scenario(Scenario(plan))
    st.session_state["new_again"] = st.session_state["_new_again"] = False
    first_look.remember(plan, met)


def _typed() -> tuple:
    """What stands on the page, to tell whether it still is what was judged."""
    rows = tuple(str(typed_rows.rows_of(grid)) for grid in _grids().values())
    numbers = tuple(reading.read(driver, driver.unit, st.session_state.get(f"new_{key}"))[0]  # a field writes them its own way
                    for key, driver in {**_NUMBERS, **_BLENDS}.items())
    return (*numbers, *rows)


def _after() -> None:
    """What the last try came to, below the button."""
    if st.session_state.get(_WRONG):
        lines = st.session_state[_WRONG]
        st.error(bullets(t("new.wrong", count=len(lines)), lines, _MOST_WRONG), icon=":material/error:")
    if st.session_state.get(_PROBLEM):
        show_problem(st.session_state[_PROBLEM], "problem.form")
    odd: list[Odd] = st.session_state.get(_ODD) or []
    if odd and st.session_state.get(_SEEN) == _typed():  # else another number stands there by now
        st.warning(bullets(t("own.questions"), [_question(one) for one in odd]), icon=":material/help:")
        better = [one for one in odd if one.guess is not None]
        if st.session_state.get(_WRONG):
            return
        with st.container(horizontal=True):
            if better:
                words = listed([number_said(one.guess or 0.0, one.driver.unit) for one in better[:MOST_NAMED]])
                st.button(t("own.take_meant", values=words), key="new_meant", type="primary", icon=":material/check:",
                          on_click=_take_meant)
            st.button(t("own.as_typed"), key="new_as_typed", on_click=_create, args=(True,))


def _question(odd: Odd) -> str:
    low, high = usual(odd.driver)  # type: ignore[misc]  # what is unusual has a usual range
    unit, guess = odd.driver.unit, odd.guess
    return t("own.unusual" if guess is None else "own.meant", label=odd.label, value=number_said(odd.value, unit),
             usual=reading.between(low, high, unit), meant="" if guess is None else number_said(guess, unit))


def _take_meant() -> None:
    """The odd numbers as they were likely meant, and the plan of them."""
    for odd in st.session_state.get(_ODD) or []:
        if odd.guess is None:
            continue
        if isinstance(odd.at, str):
            fields.put(odd.at, odd.guess)
        else:
            typed_rows.put(_grids()[odd.at[0]], odd.at[1], odd.at[2], written(odd.guess, odd.driver.unit))
    _create(True)


def _single(key: str, driver: d.Driver, opens: float | None, tried: _Try) -> float | None:
    """A single number as it stands in its field."""
    text = st.session_state.get(f"new_{key}")
    if text is None:  # not drawn in this run: a number that was agreed to, or what the field opens with
        return fields.known(f"new_{key}", opens)
    value, bad = reading.read(driver, driver.unit, text)
    if bad is not None:
        tried.wrong.append(t("new.wrong_field", label=t(f"own.{key}"), got=bad.got, allowed=bad.allowed))
    tried.look(f"new_{key}", t(f"own.{key}"), driver, value)
    return None if value is None else float(value)


def _wish(tried: _Try) -> tuple[Wish, dict[str, float]]:
    """What was asked for; every cell that cannot be is added to `tried`."""
    texts = {key: str(st.session_state.get(f"new_{key}", "")).strip() for key in ("name", "start")}
    start = month_of(texts["start"])
    if not is_month(start):
        tried.wrong.append(sentence(Violation("not_a_month", t("own.start"), texts["start"][:20], "2027-01")))
    numbers = {key: _single(key, driver, _opens()[key], tried) or 0.0 for key, driver in _NUMBERS.items()}
    if numbers["customers"] < numbers["members"]:
        tried.wrong.append(t("new.fewer_customers"))
    blends = {key: _single(key, replace(driver, optional=True), None, tried) for key, driver in _BLENDS.items()}
    channels = _wished_channels(tried)
    organic = ChannelWish("organic", t("trade.kind.organic"), values={"visits": numbers["visits"]})
    wish = Wish(texts["name"] or t("own.name_default"), start, int(st.session_state.get("new_months", 12)),
                str(st.session_state.get("new_category", "apparel")), numbers["budget"], (*channels, organic),
                _wished_promotions(tried), _wished_team(tried), _wished_targets(tried), numbers["members"], numbers["customers"],
                numbers["overhead"])
    return wish, {k: v for k, v in blends.items() if v is not None}


def _numbers(grid: Grid, index: int, row: typed_rows.Row, tried: _Try) -> dict[str, float]:
    """The numbers of a row that somebody typed."""
    out = {}
    for column in grid.columns:
        if column.driver is not None:
            value, line = typed_rows.number(grid, index, column, column.driver.unit, row.get(column.key))
            tried.wrong += [line] if line else []
            if value is not None:
                out[column.key] = value
            tried.look((grid.name, index, column.key), typed_rows.place(grid, index, column), column.driver, value)
    return out


def _wished_channels(tried: _Try) -> tuple[ChannelWish, ...]:
    grid, out = _channels(), []
    for i, row in enumerate(typed_rows.rows_of(grid)):
        values, kind = _numbers(grid, i, row, tried), row.get("kind")
        if kind is None:
            tried.wrong.append(t("new.no_kind", row=i + 1))
            continue
        out.append(ChannelWish(kind, str(row.get("name") or t(f"trade.kind.{kind}")).strip(), values.pop("share", 0.0), values))
    total = sum(c.share or 0.0 for c in out)
    if not out or abs(total - 1) > _ROUNDED:
        tried.wrong.append(t("new.shares", total=written(total, u.RATE)))
    elif abs(total - 1) > SHARE_TOLERANCE:
        out = [replace(c, share=round((c.share or 0.0) / total, 12)) for c in out]
    return tuple(out)


def _wished_promotions(tried: _Try) -> tuple[PromotionWish, ...]:
    out = []
    for i, row in enumerate(typed_rows.rows_of(_promotions())):
        days = {side: day_of(str(row.get(side) or "")) for side in ("first", "last")}
        days = {side: day if parse_day(day) else "" for side, day in days.items()}
        tried.wrong += [t("new.no_day", row=i + 1, column=t(f"driver.promotion.{side}.label"), got=str(row.get(side) or "")[:20])
                        for side, day in days.items() if not day]
        if row.get("like") is None:
            tried.wrong.append(t("new.no_promotion", row=i + 1))
        if row.get("like") is None or not all(days.values()):
            continue
        out.append(PromotionWish(row["like"], str(row.get("name") or "").strip(), **days))
    return tuple(out)


def _wished_team(tried: _Try) -> tuple[tuple[str, float, float], ...]:
    grid, out = _team(), []
    for i, row in enumerate(typed_rows.rows_of(grid)):
        values = _numbers(grid, i, row, tried)
        out.append((str(row.get("role") or t("new.role")).strip(), values.get("heads", 1.0), values.get("cost", 0.0)))
    return tuple(out)


def _wished_targets(tried: _Try) -> tuple[tuple[str, str, float], ...]:
    """Targets with a value; each figure in the unit of its KPI."""
    grid, out = _targets(), []
    column = next(c for c in grid.columns if c.key == "value")
    for i, row in enumerate(typed_rows.rows_of(grid)):
        key, period, text = row.get("kpi"), row.get("period"), row.get("value")
        if not text:
            continue
        if key is None or period is None:
            tried.wrong.append(t("new.no_target", row=i + 1))
            continue
        value, line = typed_rows.number(grid, i, column, KPIS[key].unit, text)
        tried.wrong += [line] if line else []
        if value is not None:
            out.append((key, period, value))
    return tuple(out)
