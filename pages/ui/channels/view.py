"""What the channels page shows: the answer, a curve a channel, the funnel against the industry, ROAS gross and net."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from model import KPIS, LINES, Result, Scenario, kpi, kpi_by_channel
from model import units as u
from model.analysis.blended import weighted
from model.analysis.response import REACH, Response, reference_elasticity, responses
from model.io.industry import benchmark
from model.units import Unit
from pages.ui.channels import specs
from pages.ui.frame import grids
from pages.ui.frame.grids import Cell, Grid, amount, change, figures, measured, of_unit, word, worded
from pages.ui.frame.industry import against, industry
from pages.ui.kit import charts
from pages.ui.kit.csv_tables import OF_ROW
from pages.ui.kit.formats import DASH, difference, fixed, money, money_unit, number, rate, short, size
from pages.ui.kit.texts import language, own_source, plain, t, together
from pages.ui.session import state
from pages.ui.words.channel_names import channel_name, channel_names

#: curves drawn at once; of more channels those with the largest spend, until all are asked for
MAX_CURVES = 9
RATES = ("ctr", "cvr", "new_share")
#: what each rate leads to
AFTER = ("clicks", "channel_orders", "new_customers")
#: rates that have an industry figure: those of the funnel, then what a thousand impressions cost and who joins the pool
COMPARED = {"ctr": u.FINE_RATE, "cvr": u.FINE_RATE, "new_share": u.RATE, "cpm": u.YUAN_PER_1000, "join": u.RATE}


@lru_cache(maxsize=64)
def responses_of(scenario: Scenario) -> Mapping[str, Response]:
    return responses(scenario)


def per_yuan(value: float) -> str:
    return number(value, u.YUAN_EACH)


# --- the answer --------------------------------------------------------------------------------------------------------

def answer(result: Result, found: Mapping[str, Response]) -> None:
    """Where the next yuan goes, in a sentence, and how far the sentence reaches."""
    known = {c: r for c, r in found.items() if math.isfinite(r.marginal)}
    st.subheader(answer_said(result.scenario, known), anchor=False)
    st.caption(t("channels.answer_limit"))


def answer_said(scenario: Scenario, known: Mapping[str, Response]) -> str:
    """Where the next yuan does most and where least. known: channels whose next yuan is known."""
    if not known:
        return t("channels.answer_none")
    order = sorted(known, key=lambda c: -known[c].marginal)
    best, worst = known[order[0]], known[order[-1]]
    words = {"best": plain(channel_name(scenario, order[0])), "revenue": per_yuan(best.mroas),
             "profit": size(best.marginal, u.YUAN_EACH)}
    text = t("channels.answer_gain" if best.marginal > 0 else "channels.answer_loss", **words)
    if len(order) > 1:
        last = {"worst": plain(channel_name(scenario, order[-1])), "profit": size(worst.marginal, u.YUAN_EACH)}
        text = together([text, t("channels.answer_worst_gain" if worst.marginal > 0 else "channels.answer_worst_loss", **last)])
    return text


# --- curves ------------------------------------------------------------------------------------------------------------

def chosen_curves(found: Mapping[str, Response], every: bool) -> list[str]:
    """Channels whose curves are drawn."""
    if every or len(found) <= MAX_CURVES:
        return list(found)
    largest = sorted(found, key=lambda c: -found[c].today)[:MAX_CURVES]
    return [c for c in found if c in largest]


def curves(result: Result, found: Mapping[str, Response], keys: Sequence[str]) -> None:
    """One small multiple a channel: message, curve, and what its saturation means."""
    names = channel_names(result)
    with st.grid(3, min_column_width=300, gap="medium"):
        for key in keys:
            with st.container(gap="xsmall", key=f"ink_curve_{key}"):
                kind, message = curve_message(found[key])
                name = channel_name(result.scenario, key)
                st.markdown(t("channels.titled", name=plain(name), message=message))
                spec, data = _curve(found[key], key, names)
                st.vega_lite_chart(data, spec, key=f"chart_curve_{key}", width="stretch",
                                   alt=t("channels.curve_alt", name=name, message=t(f"channels.alt_{kind}")))
                st.caption(saturation_sentence(result.scenario, key, found[key]))


def curve_message(found: Response) -> tuple[str, str]:
    """What the picture says: the kind of message, and the message with its numbers.

    The picture's text alternative says the kind only: another alternative would embed the picture anew at every move.
    """
    if not math.isfinite(found.marginal):
        return "nothing", t("channels.curve_nothing")
    # a line may not break between the sign and its number
    profit = difference(found.marginal, u.YUAN_EACH)
    words = {"revenue": per_yuan(found.mroas), "profit": f"{profit[0]}\u2060{profit[1:]}"}
    if found.break_even == 0:
        return "never", t("channels.curve_never", **words)
    kind = "room" if found.marginal > 0 else "past"
    return kind, t(f"channels.curve_{kind}", **words)


def _curve(found: Response, key: str, names: Mapping[str, str]):
    divisor, unit = money_unit()
    axes = state.workspace().axes
    right = _axis(axes, f"curve_x.{key}", max(found.spend[-1], 1.0) / divisor)
    high = _axis(axes, f"curve_y.{key}", max(found.net_revenue.max(), 1.0) / divisor)
    low = -_axis(axes, f"curve_low.{key}", -found.net_revenue.min() / divisor) if found.net_revenue.min() < 0 else 0.0
    even = found.break_even
    labels = (t("channels.today", spend=money(found.today)), t("channels.tangent", revenue=per_yuan(found.mroas)),
              t("channels.even", spend=money(even or 0.0)))
    data = specs.curve_data(
        names[key], found.spend, found.net_revenue, (found.today, found.at(found.today)), found.mroas,
        (even, found.at(even)) if even else None, labels, low, divisor)
    words = (t("channels.axis_spend", unit=unit), t("channels.axis_revenue", unit=unit))
    return specs.curve_spec(right, low, high, tuple(names.values()), words), data


def _axis(axes, name: str, value: float) -> float:
    return charts.hold(axes, f"{name}.{language()}", value)


def saturation_sentence(scenario: Scenario, key: str, found: Response) -> str:
    """What ten per cent more budget brings: by the formula at the reference, by the model at today's spend."""
    now = rate(found.elasticity * 0.1) if math.isfinite(found.elasticity) else DASH
    reference = reference_elasticity(scenario, key)
    if reference is None:
        return t("channels.saturation_owned", now=now)
    row = scenario.rows["channel"][key]
    return t("channels.saturation", impressions=short(row["impressions_ref"]), at_reference=rate(reference * 0.1),
             shape=f"{scenario.get(f'channel.{key}.shape'):g}", saturation=f"{scenario.get(f'channel.{key}.saturation'):g}",
             elasticity=fixed(reference, 2, ""), now=now)


def curve_grid(result: Result, found: Mapping[str, Response]) -> Grid:
    """Each channel's curve in numbers."""
    columns = [worded(t("channel.name")), *(figures(t(f"channels.{k}"), unit, t(f"channels.{k}_note")) for k, unit in (
        ("today_spend", u.YUAN), ("even_spend", u.YUAN), ("mroas", u.RATIO), ("marginal", u.YUAN_EACH),
        ("reference_more", u.RATE), ("today_more", u.RATE)))]
    rows = []
    for key, r in found.items():
        reference = reference_elasticity(result.scenario, key)
        even = Cell(t("channels.beyond", times=REACH), None) if r.break_even is None else amount(r.break_even, u.YUAN)
        rows.append([word(channel_name(result.scenario, key)), amount(r.today, u.YUAN), even, amount(r.mroas, u.RATIO),
                     change(r.marginal, u.YUAN_EACH),
                     amount(None if reference is None else reference * 0.1, u.RATE), amount(r.elasticity * 0.1, u.RATE)])
    return Grid("curves", columns, rows)


# --- funnel ------------------------------------------------------------------------------------------------------------

def funnel_grid(result: Result) -> Grid:
    """Impressions to new customers, each rate beside the industry's."""
    columns = [worded(t("channel.name")), figures(t("line.impressions.label"), u.IMPRESSIONS, t("line.impressions.help"))]
    for key, after in zip(RATES, AFTER, strict=True):
        rate_name = t(f"channels.{key}")
        columns += [figures(rate_name, COMPARED[key], t(f"channels.{key}_note")),
                    figures(t("channels.industry"), COMPARED[key], t("channels.industry_note"),
                            filed=t("file.industry_of", label=rate_name)),
                    figures(t(f"line.{after}.label"), LINES[after].unit, t(f"line.{after}.help"))]
    rows = [_funnel_row(result, i, c) for i, c in enumerate(result.channels)]
    return Grid("funnel", columns, [*rows, _funnel_total(result)], total=True)


def _counts(result: Result, i: int) -> dict[str, float]:
    return {k: float(result.by_channel[k][i].sum()) for k in ("impressions", "clicks", "channel_orders", "new_customers")}


def rates_of(result: Result, i: int) -> dict[str, float]:
    """A channel's rates over the plan; nan where it has no such step."""
    n, key = _counts(result, i), result.channels[i]
    paid = result.scenario.rows["channel"][key]["kind"] == "paid"
    spend = float(result.by_channel["spend"][i].sum())
    join = weighted(result.values.channel["join"][i], result.by_channel["new_customers"][i])
    shown = {"ctr": (n["clicks"], n["impressions"]), "cvr": (n["channel_orders"], n["clicks"]),
             "new_share": (n["new_customers"], n["channel_orders"] if paid else 0),
             "cpm": (1000 * spend, n["impressions"])}
    return {k: top / bottom if bottom else math.nan for k, (top, bottom) in shown.items()} | {"join": join}


def _funnel_row(result: Result, i: int, channel: str) -> list[Cell]:
    n, rates = _counts(result, i), rates_of(result, i)
    cells = [word(channel_name(result.scenario, channel)), amount(n["impressions"] or None, u.IMPRESSIONS)]
    for key, after in zip(RATES, AFTER, strict=True):
        found = benchmark(industry(), result.scenario, channel, key)
        cells += [amount(rates[key], COMPARED[key]), against(rates[key], found, COMPARED[key]), amount(n[after], u.ORDERS)]
    return cells


def _funnel_total(result: Result) -> list[Cell]:
    sums = [_counts(result, i) for i in range(len(result.channels))]
    cells = [word(t("channel.total")), amount(sum(n["impressions"] for n in sums), u.IMPRESSIONS)]
    rates = {"ctr": float(kpi(result, "ctr")[0]), "cvr": float(kpi(result, "cvr")[0]), "new_share": math.nan}
    for key, after in zip(RATES, AFTER, strict=True):
        cells += [amount(rates[key], COMPARED[key]), Cell("", None), amount(sum(n[after] for n in sums), u.ORDERS)]
    return cells


def industry_grid(result: Result) -> Grid:
    """Every industry figure that this plan is compared with, its range and its source."""
    columns = [worded(t("channel.name")), measured(t("channels.rate_name")),
               *(figures(t(f"channels.{k}"), OF_ROW) for k in ("here", "low", "likely", "high")),
               worded(t("channels.side")), worded(t("channels.source"))]
    rows = [_industry_row(result, i, key, unit) for i in range(len(result.channels)) for key, unit in COMPARED.items()]
    return Grid("industry", columns, [row for row in rows if row])


def _industry_row(result: Result, i: int, key: str, unit: Unit) -> list[Cell]:
    channel, value = result.channels[i], rates_of(result, i)[key]
    found = benchmark(industry(), result.scenario, channel, key)
    if found is None or not math.isfinite(value):
        return []
    return [word(channel_name(result.scenario, channel)), of_unit(t(f"channels.{key}"), unit), amount(value, unit),
            *(amount(v, unit) for v in (found.low, found.likely, found.high)),
            word(t(f"channels.side_{found.side(value)}")), word(own_source(found.source))]


# --- ROAS --------------------------------------------------------------------------------------------------------------

#: channel, its KPIs and its ranks by name
RoasRow = dict[str, Any]


def roas_rows(result: Result) -> list[RoasRow]:
    """Channels that cost something, the largest net ROAS first, with both ranks."""
    keys = ("roas_gmv", "roas_net", "break_even_roas", "cac")
    values = {k: kpi_by_channel(result, k)[:, 0] for k in keys}
    rows: list[RoasRow] = [{"channel": c, **{k: float(values[k][i]) for k in keys}} for i, c in enumerate(result.channels)
            if math.isfinite(values["roas_net"][i])]
    for place, row in enumerate(sorted(rows, key=lambda r: -r["roas_gmv"]), 1):
        row["rank_gross"] = place
    rows.sort(key=lambda r: -r["roas_net"])
    for place, row in enumerate(rows, 1):
        row["rank_net"] = place
    return rows


def roas_message(result: Result, rows: Sequence[RoasRow]) -> str:
    """Who changes places when refunds and tax come off."""
    moved = [r for r in rows if r["rank_gross"] != r["rank_net"]]
    if not rows:
        return t("channels.roas_nobody")
    if not moved:
        top = rows[0]
        return t("channels.roas_same", first=plain(channel_name(result.scenario, top["channel"])),
                 gross=number(top["roas_gmv"], u.RATIO), net=number(top["roas_net"], u.RATIO))
    down = max(moved, key=lambda r: r["rank_net"] - r["rank_gross"])
    up = max(moved, key=lambda r: r["rank_gross"] - r["rank_net"])
    words = {"down": plain(channel_name(result.scenario, down["channel"])), "down_from": down["rank_gross"],
             "down_to": down["rank_net"], "up": plain(channel_name(result.scenario, up["channel"])),
             "up_from": up["rank_gross"], "up_to": up["rank_net"], "gross": number(down["roas_gmv"], u.RATIO),
             "net": number(down["roas_net"], u.RATIO)}
    return t("channels.roas_swap", **words)


def average_and_marginal(scenario: Scenario, rows: Iterable[tuple[str, float, float]], found: Mapping[str, Response]) -> str:
    """Why a channel above its break-even may lose with the next yuan, said of the one that loses most; "" where none does.

    rows: channel, its ROAS or ROI, its break-even.
    """
    losing = [row for row in rows if row[0] in found and row[1] > row[2] > 0 and found[row[0]].marginal < 0]
    if not losing:
        return ""
    channel, roas, even = min(losing, key=lambda row: found[row[0]].marginal)
    return t("channels.average_marginal", name=plain(channel_name(scenario, channel)), roas=number(roas, u.RATIO),
             even=number(even, u.RATIO), profit=difference(found[channel].marginal, u.YUAN_EACH))


def roas(result: Result) -> None:
    rows = roas_rows(result)
    st.markdown(f"**{roas_message(result, rows)}**", help=t("channels.roas_help"))
    if not rows:
        return
    names = channel_names(result)
    words = (t("channels.before_refunds"), t("channels.after_refunds"), t("channels.break_even_line"))
    top = max(max(r["roas_gmv"], r["roas_net"]) for r in rows)
    high = _axis(state.workspace().axes, "roas", max(top, 0.01))
    gross, net, even = ([r[k] for r in rows] for k in ("roas_gmv", "roas_net", "break_even_roas"))
    data = specs.roas_data([names[r["channel"]] for r in rows], gross, net, even, high, words)
    with st.container(key="ink_roas"):
        st.vega_lite_chart(data, specs.roas_spec(high, len(rows), words), key="chart_roas", width="stretch",
                           alt=t("channels.roas_alt"))
    averages = [(r["channel"], r["roas_gmv"], r["break_even_roas"]) for r in rows]
    why = average_and_marginal(result.scenario, averages, responses_of(result.scenario))
    if why:
        st.caption(why)
    grids.show(roas_grid(result, rows))


def roas_grid(result: Result, rows: Sequence[RoasRow]) -> Grid:
    columns = [worded(t("channel.name")), *(figures(t(f"channels.{k}"), unit, note) for k, unit, note in (
        ("gross", u.RATIO, t("kpi.roas_gmv.help")), ("gross_rank", u.NUMBER, ""), ("net", u.RATIO, t("kpi.roas_net.help")),
        ("net_rank", u.NUMBER, ""), ("break_even", u.RATIO, t("kpi.break_even_roas.help")),
        ("cac", KPIS["cac"].unit, t("kpi.cac.help"))))]
    cells = []
    for r in rows:
        even = r["break_even_roas"] if r["break_even_roas"] > 0 else math.nan
        cells.append([word(channel_name(result.scenario, r["channel"])), amount(r["roas_gmv"], u.RATIO),
                      _rank(r["rank_gross"]), amount(r["roas_net"], u.RATIO), _rank(r["rank_net"]), amount(even, u.RATIO),
                      amount(r["cac"], KPIS["cac"].unit)])
    return Grid("roas", columns, cells)


def _rank(place: float) -> Cell:
    return Cell(t("channels.place", place=place), float(place))
