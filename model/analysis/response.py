"""Where does the next yuan go? What each channel's spend brings, by the model itself, all channels in one evaluation.

A point gives one channel another yearly spend and leaves every other channel's yuan as they are; the draws axis carries
all points. So a curve holds what the channel causes (repeats, halo and messages included), not what is booked to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.engine.evaluate import Result, evaluate
from model.engine.traffic import hill
from model.plan import drivers as d
from model.plan import lists as li
from model.plan.scenario import Scenario
from model.plan.schema import Value

#: points of a curve, from no spend to `REACH` times today's; today's and today's + 10 % are two of them
POINTS, REACH, TODAY = 26, 2.5, 10
#: step of a channel's spend for its next yuan, as a share of the whole budget; without one, of the curve's reach
MARGINAL_STEP = 1e-3
#: how much more spend the planner's rule of thumb asks about: one point of the curve further
MORE = 0.1


@dataclass(frozen=True, slots=True)
class Response:
    """A channel's curve. Money by month, the mean of the plan's months.

    spend, net_revenue, profit: by point; the last two against no spend in this channel. today: spend of the plan.
    mroas, marginal: net revenue and net profit per further yuan at today's spend; nan where spend buys nothing.
    break_even: spend at which one more yuan earns just itself; 0 where even the first does not, None beyond the curve.
    elasticity: relative change of the channel's own orders per relative change of spend, at today's; nan without orders.
    """

    spend: np.ndarray
    net_revenue: np.ndarray
    profit: np.ndarray
    today: float
    mroas: float
    marginal: float
    break_even: float | None
    elasticity: float

    def at(self, spend: float) -> float:
        """Net revenue at a spend within the curve."""
        return float(np.interp(spend, self.spend, self.net_revenue))


def reference_spend(scenario: Scenario, channel: str) -> float:
    """Yearly spend that buys the reference impressions; of the owned channel, that shows each opening member every message."""
    row = scenario.rows[d.CHANNEL][channel]
    if row["kind"] == d.PAID:
        return 12 * row["impressions_ref"] * row["cpm"] / 1000
    members = sum(r.get("people") or 0.0 for r in scenario.rows[li.OPENING].values() if r["group"] == "member")
    return 12 * members * row["frequency"] * row["cpm"] / 1000


def _spend_today(scenario: Scenario, channel: str, year: int = 1) -> float:
    return scenario.get(d.of_year("budget", year)) * (scenario.get(f"channel.{channel}.{d.of_year('share', year)}") or 0.0)


def spelled_out(scenario: Scenario) -> Scenario:
    """The same plan with the shares of each year that has a budget of its own said: else they follow those of the year before,
    and a yuan more in one channel there takes from the others' budget here.
    """
    said: dict[str, Value] = {}
    shares = {c: scenario.get(f"channel.{c}.share") for c in scenario.spending_channels}
    for year in _own_years(scenario):
        own = {c: scenario.get(f"channel.{c}.{d.of_year('share', year)}") for c in shares}
        if all(share is None for share in own.values()):
            said |= {f"channel.{c}.{d.of_year('share', year)}": share for c, share in shares.items()}
        else:
            shares = own
    return scenario.with_values(said) if said else scenario


def _own_years(scenario: Scenario) -> list[int]:
    """Later years of the plan that have a budget of their own."""
    reached = (y for y in d.LATER_YEARS if 12 * (y - 1) < scenario.get("months"))
    return [y for y in reached if scenario.get(d.of_year("budget", y)) is not None]


def _reach(scenario: Scenario, channel: str) -> float:
    """The largest yearly spend of a channel's curve."""
    return REACH * _spend_today(scenario, channel) or max(reference_spend(scenario, channel), 12.0)


def _step(scenario: Scenario, channel: str) -> float:
    """How much more yearly spend the next yuan of a channel is measured on."""
    return MARGINAL_STEP * (scenario.get("budget") or _reach(scenario, channel))


def one_step_more(scenario: Scenario, channel: str) -> dict[str, float]:
    """Budgets and shares with one step more a year in a channel, every other channel's yuan as they are. Of a plan that is
    `spelled_out`.
    """
    out: dict[str, float] = {}
    for year in (1, *_own_years(scenario)):
        more = {c: _step(scenario, c) if c == channel else 0.0 for c in scenario.spending_channels}
        spend = {c: _spend_today(scenario, c, year) + more[c] for c in more}
        total = sum(spend.values())
        out |= {d.of_year("budget", year): total}
        out |= {f"channel.{c}.{d.of_year('share', year)}": s / total for c, s in spend.items()}
    return out


def ladder_of_spend(scenario: Scenario, channel: str) -> np.ndarray:
    """Yearly spends of a channel's points: the curve's, then today's, then today's and one step of the budget (P + 2,)."""
    now = _spend_today(scenario, channel)
    return np.concatenate([np.linspace(0, _reach(scenario, channel), POINTS), [now, now + _step(scenario, channel)]])


def _draws(scenario: Scenario, channels: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Budgets and shares at every channel's points, channel by channel; the headline budget factor stays on top."""
    count = POINTS + 2
    out: dict[str, np.ndarray] = {}
    for year in (1, *_own_years(scenario)):
        spend = np.repeat([[_spend_today(scenario, c, year)] for c in channels], count * len(channels), 1)
        for i, channel in enumerate(channels):
            spend[i, i * count:(i + 1) * count] = _ladder_of_year(scenario, channel, year)
        total = spend.sum(axis=0)
        share = np.divide(spend, total, out=np.zeros_like(spend), where=total > 0)
        out |= {d.of_year("budget", year): total}
        out |= {f"channel.{c}.{d.of_year('share', year)}": share[i] for i, c in enumerate(channels)}
    return out


def _ladder_of_year(scenario: Scenario, channel: str, year: int) -> np.ndarray:
    """The points of a year: of a later one with its own budget in the proportion of the first's, the step the same in yuan."""
    first, now = ladder_of_spend(scenario, channel), _spend_today(scenario, channel)
    own = _spend_today(scenario, channel, year)
    if year == 1 or now == own:
        return first
    return np.concatenate([own * first[:POINTS] / now if now else own + first[:POINTS], own + first[POINTS:] - now])


def responses(scenario: Scenario) -> Mapping[str, Response]:
    """The curve of every channel that money is spent on, by key: one evaluation."""
    channels, scenario = scenario.spending_channels, spelled_out(scenario)
    if not channels:
        return {}
    result = evaluate(scenario, _draws(scenario, channels))
    return {c: _response(result, c, i) for i, c in enumerate(channels)}


def _response(result: Result, channel: str, place: int) -> Response:
    """A channel's part of the draws: the curve's points, today, today and a step."""
    part = slice(place * (POINTS + 2), (place + 1) * (POINTS + 2))
    row = result.channels.index(channel)
    spend, orders = (result.by_channel[k][row, :, part].mean(axis=0) for k in ("spend", "channel_orders"))
    revenue, profit = (result.lines[k][:, part].mean(axis=0) for k in ("net_revenue", "net_profit"))
    step = spend[-1] - spend[-2]
    mroas, marginal = ((a[-1] - a[-2]) / step if step > 0 else np.nan for a in (revenue, profit))
    curve, gain = spend[:POINTS], profit[:POINTS] - profit[0]
    today, now = orders[TODAY], spend[-2]
    more = orders[TODAY + 1] / today - 1 if now > 0 and today > 0 else np.nan
    return Response(curve, revenue[:POINTS] - revenue[0], gain, float(now), float(mroas), float(marginal),
                    break_even(curve, gain), float(more / MORE))


def break_even(spend: np.ndarray, profit: np.ndarray) -> float | None:
    """The spend that earns most: beyond it another yuan costs more than it brings. None where that lies beyond the curve.

    The top of the parabola through the best point and its neighbours, so that it does not jump from point to point.
    """
    best = int(np.argmax(profit))
    if best == 0:
        return 0.0
    if best == len(profit) - 1:
        return None
    before, at, after = profit[best - 1:best + 2]
    bend = before - 2 * at + after
    shift = (before - after) / (2 * bend) if bend < 0 else 0.0
    return float(spend[best] + shift * (spend[best + 1] - spend[best]))


def reference_elasticity(scenario: Scenario, channel: str) -> float | None:
    """ε = n · (1 − Hill(1 ÷ saturation)): what a paid channel's orders follow its spend by, at its reference impressions."""
    if scenario.rows[d.CHANNEL][channel]["kind"] != d.PAID:
        return None
    shape, saturation = (scenario.get(f"channel.{channel}.{k}") for k in ("shape", "saturation"))
    return float(shape * (1 - hill(np.float64(1 / saturation), shape)))
