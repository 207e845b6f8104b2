"""The next amount of money: which channels it does most in when it comes on top, and what it earns, now and later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from model.analysis.optimize.search.limits import Limits
from model.analysis.optimize.search.objective import Objective, book_change
from model.analysis.optimize.split import best_split
from model.analysis.response import spelled_out
from model.engine.evaluate import evaluate
from model.engine.kpis import kpi
from model.plan.scenario import Scenario

#: a part of the amount below this share of it is rounding
_DUST = 5e-4


@dataclass(frozen=True, slots=True)
class NextSpend:
    """An amount on top of the yearly budget, no channel with less than today.

    scenario: the start with it. split: yuan a year by channel, the largest first, only those that get some. profit, gmv:
    of the plan, more. coming: what the customers it wins bring in the 12 months after the plan, more (the change of the
    customer book). All in yuan.
    """

    scenario: Scenario
    amount: float
    split: Mapping[str, float]
    profit: float
    gmv: float
    coming: float


def next_spend(scenario: Scenario, amount: float, objective: Objective | None = None) -> NextSpend:
    """Where `amount` (yuan a year) does most for the objective, default net profit (`best_split` with today's spends as floors).

    Years with a budget of their own stay as they are, in every channel. Raises Impossible: nothing_to_move where no channel can
    be given money, and what `best_split` raises.
    """
    scenario = spelled_out(scenario)
    factor = scenario.get("headline.budget")
    today = {c: scenario.get("budget") * factor * scenario.get(f"channel.{c}.share") for c in scenario.spending_channels}
    total = sum(today.values()) + amount
    found = best_split(scenario, objective or Objective("net_profit"),
                       Limits(move=None, spend_floor=today, budget=(total, total)), explained=False)
    more = {c: float(after) - today[c] for c, after in zip(found.channels, found.after, strict=True)}
    split = dict(sorted(((c, y) for c, y in more.items() if y > _DUST * amount), key=lambda item: -item[1]))
    spent = found.scenario.with_values({"budget": round(total / factor, 2)})     # to the cent: it is typed and filed
    before, after = evaluate(scenario), evaluate(spent)
    change = {key: float(kpi(after, key)[0] - kpi(before, key)[0]) for key in ("net_profit", "gmv")}
    coming = float(book_change(after)[0] - book_change(before)[0])
    return NextSpend(spent, amount, split, change["net_profit"], change["gmv"], coming)
