"""Why something asked of the optimizer cannot be, in words: which limits, by name, with their sums, and what to do."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from model import KPIS, Scenario
from model.analysis.optimize import Group, Impossible, Limits
from model.analysis.optimize.search.limits import bounds
from model.units import YUAN
from pages.ui.kit.formats import ends, money, number, rate
from pages.ui.kit.problems import show_problem
from pages.ui.kit.texts import listed, plain, t
from pages.ui.session import state
from pages.ui.words.channel_names import channel_name, current_shares

#: kinds of limits that are a channel's own, and those of groups
_GROUPS = ("group", "group_spend")


def refused(problem: Impossible, limits: Limits | None, taken: Callable[[Scenario], None]) -> None:
    """The report, and the nearest that can be had, which a button gives to `taken`."""
    scenario, found = state.workspace().scenario, _WORDS.get(problem.code)
    words = found(problem, limits or Limits(), scenario) if found else None
    if words:
        st.error(f"**{t('optimize.impossible')}** {words}", icon=":material/error:")
    else:
        show_problem(problem, "optimize.impossible")
    if isinstance(problem.data.get("scenario"), Scenario):
        st.button(t("optimize.take_nearest"), key="take_nearest", on_click=taken, args=(problem.data["scenario"],))


def _names(scenario: Scenario, channels) -> str:
    return listed([plain(channel_name(scenario, c)) for c in channels if c in scenario.rows["channel"]])


def _amounts(scenario: Scenario, by_channel) -> str:
    return listed([t("optimize.has", name=plain(channel_name(scenario, c)), amount=money(a)) for c, a in by_channel.items()])


def _sums(problem: Impossible, limits: Limits, scenario: Scenario) -> str:
    data = problem.data
    return t(f"optimize.why_{problem.code}", sum=money(sum(data["by_channel"].values())), budget=money(data["budget"]),
             channels=_amounts(scenario, data["by_channel"]))


def _crossed(problem: Impossible, limits: Limits, scenario: Scenario) -> str:
    """A floor above its ceiling: of a channel, where the largest move counts too, of a group, or of the total."""
    data = problem.data
    if "group" in data:
        group = next(g for g in limits.groups if g.name == data["group"])
        return t("optimize.why_group_crossed", name=plain(group.name), low=_asked(group, "low", scenario),
                 high=_asked(group, "high", scenario))
    if not data["channels"] and limits.budget:
        return _ends("why_total_crossed", *limits.budget)
    low, high = _bounds(limits, scenario)
    lines = [_ends("crossed", low[c], high[c], name=plain(channel_name(scenario, c))) for c in data["channels"]]
    move = "" if limits.move is None else t("optimize.by_move", move=rate(limits.move, 0))
    return t("optimize.why_crossed", lines=listed(lines), move=move)


def _ends(text: str, low: float, high: float, **words: str) -> str:
    """A text of the optimizer about money between two ends."""
    least, most = ends(low, high, YUAN)
    return t(f"optimize.{text}", low=least, high=most, **words)


def _bounds(limits: Limits, scenario: Scenario) -> tuple[dict[str, float], dict[str, float]]:
    """Smallest and largest yearly spend of each channel at the plan's total, or at the largest that may be chosen."""
    shares = current_shares(scenario)
    total = limits.budget[1] if limits.budget else scenario.get("budget") * scenario.get("headline.budget")
    return bounds(limits, tuple(shares), tuple(shares.values()), total)


def _conflict(problem: Impossible, limits: Limits, scenario: Scenario) -> str:
    """Limits that only together cannot be kept: each by name, those of groups with what their channels can give."""
    words = [limit_words(scenario, *row) for row in problem.data["rows"] if row[0] not in ("budget", "nothing")]
    low, high = _bounds(limits, scenario)
    named = {name: side for kind, side, name in problem.data["rows"] if kind in _GROUPS}
    sums = [_ends("group_can", sum(low[c] for c in g.channels), sum(high[c] for c in g.channels), name=plain(g.name),
                  asked=_asked(g, named[g.name], scenario))
            for g in limits.groups if g.name in named]
    return t("optimize.why_conflict", limits=listed(list(dict.fromkeys(words))), sums="".join(f" {s}" for s in sums))


def _asked(group: Group, side: str, scenario: Scenario) -> str:
    """What a group's floor or ceiling asks for, in yuan of the plan's total."""
    total = scenario.get("budget") * scenario.get("headline.budget")
    amount = max(group.floor * total, group.spend_floor) if side == "low" else min(group.ceiling * total, group.spend_ceiling)
    return t(f"optimize.asked_{side}", amount=money(amount))


def limit_words(scenario: Scenario, kind: str, side: str, name: str) -> str:
    """A limit by its name, a channel's with the channel."""
    if kind in _GROUPS:
        return t(f"optimize.hold_{kind}_{side}", name=plain(name))
    words = t(f"optimize.hold_{kind}_{side}", name=name)
    return t("optimize.limit_of", name=_names(scenario, [name]), limit=words) if name in scenario.rows["channel"] else words


def _out_of_reach(problem: Impossible, limits: Limits, scenario: Scenario) -> str:
    data, unit = problem.data, KPIS[problem.data["kpi"]].unit
    side = "most" if data["highest"] < data["target"] else "least"
    return t(f"optimize.why_out_of_reach_{side}", kpi=t(f"kpi.{data['kpi']}.label"), target=number(float(data["target"]), unit),
             value=number(float(data["highest"]), unit))


def _targets(problem: Impossible, limits: Limits, scenario: Scenario) -> str:
    return t("optimize.why_targets", values=listed([
        t("optimize.has", name=t(f"kpi.{k}.label"), amount=number(float(v), KPIS[k].unit))
        for k, v in problem.data["values"].items()]))


_WORDS = {"floors_above_budget": _sums, "ceilings_below_budget": _sums, "bounds_crossed": _crossed,
          "limits_conflict": _conflict, "target_out_of_reach": _out_of_reach, "targets_conflict": _targets}
