"""The chapters of what is done: channels, private domain, improvements, promotions, phases, team, supply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from model import Scenario
from model import units as u
from model.analysis.followed import MESSAGES, SESSIONS, work_of
from model.engine.kpis import period_of
from model.io.document.outline import POINT, Chapter, Table, Text
from model.plan import drivers as d
from model.plan import lists as li
from model.plan import work as wo
from model.plan.schema import TABLES, Row, applies, join
from pages.ui.document.work import Work, aim, aims, joined, known, lead, note, over_all, table, unknown
from pages.ui.kit.formats import DASH, counted, money, rate
from pages.ui.kit.texts import listed, name_of, own_name, t, together
from pages.ui.plan import promotions, team, work
from pages.ui.plan.row_files import works_on
from pages.ui.plan.switched import effect_cells, found_effects, title_of
from pages.ui.rows import cell_words, row_rules
from pages.ui.words import channel_names, periods, place_names
from pages.ui.words.channel_names import channel_name
from pages.ui.words.driver_labels import driver_label

#: columns of the channels' two tables: what brings people, what an order is
_TRAFFIC, _ORDER = ("cpm", "ctr", "cvr", "new_share", "join", "frequency"), ("aov", "refund_rate", "platform_take",
                                                                           "creator_commission", "slot_fee", "channel_fixed")
#: drivers of stock and of delivery: initiatives that move them belong to the supply chain
_STOCK, _DELIVERY = ("turnover_days", "write_off_rate", "carrying_rate"), ("fulfilment_cost", "return_cost")


# --- channels ----------------------------------------------------------------------------------------------------------

def channel_plan(of: Work) -> Chapter:
    return Chapter(t("document.chapter.channels"), [
        lead(_paid(of), "platform"), _drivers(of, _TRAFFIC, t("document.traffic_table")),
        _drivers(of, _ORDER, t("document.order_table")), Text(_content(of), parts=("content",)),
        Text(_livestreams(of), parts=("livestreams",)), Text(_products(of), parts=("products",)), *_activities(of)])


def _of_kind(of: Work, *kinds: str) -> list[str]:
    return [c for c in of.result.channels if of.scenario.rows[d.CHANNEL][c]["kind"] in kinds]


def _paid(of: Work) -> str:
    """Paid channels with the click-through that the plan counts on."""
    names = [t("document.with_ctr", name=channel_name(of.scenario, c), ctr=place_names.shown(
        f"channel.{c}.ctr", of.scenario.get(f"channel.{c}.ctr"))) for c in _of_kind(of, d.PAID)]
    return t("document.paid", count=len(names), names=listed(names)) if names else t("document.no_paid", unknown=unknown())


def _drivers(of: Work, fields: Sequence[str], title: str) -> Table:
    """What the plan assumes of each channel; a dash where a channel of its kind has no such number."""
    rows = []
    for c in of.result.channels:
        row = of.scenario.rows[d.CHANNEL][c]
        rows.append([channel_name(of.scenario, c), *(
            _assumed(of.scenario, c, f) if applies(TABLES[d.CHANNEL][f], row) else DASH for f in fields)])
    return table(title, [t("channel.name"), *(driver_label(d.CHANNEL, f) for f in fields)], rows, (18, *[14] * len(fields)))


def _assumed(scenario: Scenario, channel: str, field: str) -> str:
    address = f"channel.{channel}.{field}"
    return place_names.shown(address, scenario.get(address))


def _content(of: Work) -> str:
    """Activities of paid channels: pieces, sessions, each with how often."""
    found = _said_of(of, _of_kind(of, d.PAID))
    return t("document.content", list=known(found))


def _said_of(of: Work, channels: Sequence[str]) -> str:
    rows = of.scenario.rows[wo.ACTIVITY]
    return listed(_often(of.scenario, k) for k, row in rows.items() if row.get("channel") in channels)


def _often(scenario: Scenario, key: str) -> str:
    """An activity and how often it is done."""
    rows = scenario.rows[wo.ACTIVITY]
    return t("document.often", name=own_name(rows[key], t("work.unnamed")), times=known(_times(scenario, key)))


def _times(scenario: Scenario, key: str) -> str:
    said = partial(cell_words.text_of, scenario)
    times = said(f"activity.{key}.times")
    return t("work.times", times=times, rhythm=said(f"activity.{key}.rhythm") or "") if times else ""


def _livestreams(of: Work) -> str:
    """Sessions that follow from slot fees, with fee and commission."""
    found = [w for w in work_of(of.result) if w.kind == SESSIONS]
    said = [t("document.sessions", name=channel_name(of.scenario, w.channel), many=work.followed_cells(of.result, w)[1],
              fee=_assumed(of.scenario, w.channel, "slot_fee"), commission=_assumed(of.scenario, w.channel, "creator_commission"))
            for w in found]
    return t("document.livestreams", list=known(listed(said)))


def _products(of: Work) -> str:
    """Hero products' part of the budget; new products and other work of the whole shop; what clears slow sellers."""
    share = of.scenario.get("hero_budget_share")
    hero = t("document.hero", share=rate(share), spend=of.value("hero_spend")) if share else t(
        "document.no_hero", unknown=unknown())
    others = t("document.products", shop=known(whole_shop(of)), clearing=known(_moving(of.scenario, _STOCK)))
    return together([hero, others])


def whole_shop(of: Work) -> str:
    """Activities of no single channel, each with how often."""
    rows = of.scenario.rows[wo.ACTIVITY]
    return listed(_often(of.scenario, k) for k, row in rows.items() if (row.get("channel") or row_rules.ALL) == row_rules.ALL)


def _moving(scenario: Scenario, drivers: Iterable[str]) -> str:
    """Initiatives that move one of these drivers, each with when it starts or that it is off."""
    wanted = set(drivers)
    keys = dict.fromkeys(str(row["initiative"]) for row in scenario.rows[li.EFFECT].values() if row["driver"] in wanted)
    return listed(_initiative(scenario, k) for k in keys if k in scenario.rows[li.INITIATIVE])


def _initiative(scenario: Scenario, key: str) -> str:
    row = scenario.rows[li.INITIATIVE][key]
    state = t("document.from", month=periods.period_name(row["start"])) if row.get("on", True) else t("document.not_on")
    return t("document.with_state", name=name_of(scenario.rows[li.INITIATIVE], key), state=state)


def _activities(of: Work) -> list[Table]:
    """Everything done week by week, with who does it."""
    rows = of.scenario.rows[wo.ACTIVITY]
    said = partial(cell_words.text_of, of.scenario)
    cells = [[own_name(row, t("work.unnamed")), known(said(f"activity.{k}.channel")), known(_times(of.scenario, k)),
              known(said(f"activity.{k}.owner"))] for k, row in rows.items()]
    head = [t("work.activity"), *(driver_label(wo.ACTIVITY, f) for f in ("channel", "times", "owner"))]
    return [table(t("work.activities", count=len(rows)), head, cells, (44, 20, 18, 18), words=4)] if rows else []


# --- private domain ----------------------------------------------------------------------------------------------------

def private(of: Work) -> Chapter:
    return Chapter(t("document.chapter.private"), [
        lead(work.reach(of.result)), Text(aims(of, "pool", "private_share", "repurchase_rate_year")),
        Text(_offers_said(of), parts=("private",)), _offers(of), Text(_tiers_said(of), parts=("members",)), *_tiers(of),
        Text(_posts(of), parts=("posts",))])


def _offers_of(of: Work, segment: str | None) -> str:
    rows = of.scenario.rows[wo.OFFER].values()
    return joined(own_name(r, t("work.unnamed")) for r in rows if (r.get("segment") or None) == segment)


def _offers_said(of: Work) -> str:
    none = [t(f"choice.segment.{s}.label") for s in wo.SEGMENTS if not _offers_of(of, s)]
    return t("document.offers_missing", names=listed(none), unknown=unknown()) if none else t("document.offers_each")


def _offers(of: Work) -> Table:
    """Each segment: who it is, how many there are, what it is offered."""
    people = work.people(of.result)
    rows = [[t(f"choice.segment.{s}.label"), t(f"document.segment_{s}"), people[s], known(_offers_of(of, s))]
            for s in wo.SEGMENTS]
    if nobody := _offers_of(of, None):
        rows.append([unknown(), t("document.segment_none"), DASH, nobody])
    head = [driver_label(wo.OFFER, "segment"), t("document.who"), t("document.people"), t("document.offers")]
    return table("", head, rows, (12, 26, 16, 46), words=4)


def _tiers_said(of: Work) -> str:
    rows = of.scenario.rows[li.TIER]
    names = [t("document.with_share", name=name_of(rows, k), share=_values(of.scenario, li.TIER, k, ("share",))[0]) for k in rows]
    return t("document.tiers", list=known(listed(names)), aim=aim(of, "repurchase_rate_year"))


def _tiers(of: Work) -> list[Table]:
    rows, fields = of.scenario.rows[li.TIER], ("share", "repurchase_once", "repurchase_again", "benefit")
    cells = [[name_of(rows, k), *_values(of.scenario, li.TIER, k, fields)] for k in rows]
    head = [t("customers.tier_name"), *(driver_label(li.TIER, f) for f in fields)]
    return [table("", head, cells, (20, *[20] * 4))] if rows else []


def _posts(of: Work) -> str:
    """What members are sent, and what is done in the groups."""
    sent = listed(work.followed_cells(of.result, w)[1] for w in work_of(of.result) if w.kind == MESSAGES)
    return t("document.posts", sent=known(sent), list=known(_said_of(of, _of_kind(of, d.OWNED))))


# --- improvements, promotions ------------------------------------------------------------------------------------------

def improvements(of: Work) -> Chapter:
    rows, title = of.scenario.rows[li.INITIATIVE], t("document.chapter.improvements")
    if not rows:
        return Chapter(title, [lead(t("document.no_initiatives", unknown=unknown()), "improvements")])
    effects = found_effects(of.scenario, li.INITIATIVE)
    cells = [[name_of(rows, k), _initiative_state(row), works_on(of.scenario, k), *_values(
        of.scenario, li.INITIATIVE, k, ("cost_once", "cost_monthly")), *effect_cells(effects[k])] for k, row in rows.items()]
    head = [t("plan.initiative"), t("document.start"), t("plan.works_on"), *(driver_label(li.INITIATIVE, f) for f in (
        "cost_once", "cost_monthly")), t("plan.effect_gmv"), t("plan.effect_profit")]
    return Chapter(title, [
        lead(title_of(of.scenario, li.INITIATIVE), "improvements"), table("", head, cells, (15, 13, 30, 12, 12, 15, 15), words=3),
        note(t("plan.effect_help")), *over_all(of)])


def _values(scenario: Scenario, table: str, key: str, fields: Sequence[str]) -> list[str]:
    """Numbers of a row of the plan in words."""
    return [place_names.shown(join(table, key, f), scenario.get(join(table, key, f))) for f in fields]


def _initiative_state(row: Row) -> str:
    return periods.period_name(row["start"]) if row.get("on", True) else t("document.not_on")


def promotion_plan(of: Work) -> Chapter:
    rows, title = of.scenario.rows[li.PROMOTION], t("document.chapter.promotions")
    if not rows:
        return Chapter(title, [lead(t("document.no_promotions", unknown=unknown()), "promotions")])
    effects, fields = found_effects(of.scenario, li.PROMOTION), ("budget_share", "uplift", "discount")
    cells = [[name_of(rows, k), promotions.days(row) if row.get("on", True) else t("document.not_on"),
              channel_names.channel_words(of.scenario, str(row.get("channels") or row_rules.ALL)), *_values(
        of.scenario, li.PROMOTION, k, fields), *effect_cells(effects[k])] for k, row in rows.items()]
    head = [t("plan.promotion"), t("plan.dates"), driver_label(li.PROMOTION, "channels"), *(driver_label(
        li.PROMOTION, f) for f in fields), t("plan.effect_gmv"), t("plan.effect_profit")]
    share = sum(row.get("budget_share") or 0.0 for row in rows.values() if row.get("on", True))
    return Chapter(title, [
        lead(title_of(of.scenario, li.PROMOTION), "promotions"),
        table("", head, cells, (15, 15, 13, 11, 11, 12, 16, 15), words=3),
        Text(t("document.promotion_budget", share=rate(share))), *_month_targets(of), note(t("plan.effect_help")), *over_all(of)])


def _month_targets(of: Work) -> list[Text]:
    """Targets of single months, as the months of promotions have."""
    months = {row.get("period") for row in of.scenario.rows[li.TARGET].values() if row["kpi"] == "gmv"} & set(of.result.months)
    return [Text(t("document.in_period", period=periods.period_name(m), aim=aim(of, "gmv", m)), POINT)
            for m in sorted(map(str, months))]


# --- phases, team, supply ----------------------------------------------------------------------------------------------

def phases(of: Work) -> Chapter:
    """By quarter: what is to be reached by then, and the tasks that begin in it."""
    rows, blocks = of.scenario.rows[wo.TASK], []
    said = work.tasks_title(of.scenario) if rows else t("document.no_tasks", unknown=unknown())
    for q in dict.fromkeys([*of.quarters, *(work.phase(rows[k], of.result.months) for k in work.in_order(of.scenario))]):
        keys = [k for k in work.in_order(of.scenario) if work.phase(rows[k], of.result.months) == q]
        blocks += [Text(_milestones(of, q) if q else t("document.no_phase"), parts=()), *([_tasks(of, keys)] if keys else [
            Text(t("document.no_tasks_in", period=q, unknown=unknown()), POINT)])]
    return Chapter(t("document.chapter.phases"), [lead(said, "phases"), *blocks])


def _milestones(of: Work, quarter: str) -> str:
    """What the plan wants by the end of a quarter: its own targets and those of its months."""
    span = period_of(quarter, of.result.months)
    inside = {quarter, *of.result.months[span]}
    wanted = [(row["kpi"], str(row["period"])) for row in of.scenario.rows[li.TARGET].values() if row.get("period") in inside]
    said = [aim(of, k, p) if p == quarter else t("document.in_period", period=periods.period_name(p), aim=aim(of, k, p))
            for k, p in dict.fromkeys(wanted)]
    return t("document.phase", quarter=quarter, said=joined(said) or t("document.no_milestone", unknown=unknown()))


def _tasks(of: Work, keys: Sequence[str]) -> Table:
    rows, said = of.scenario.rows[wo.TASK], partial(cell_words.text_of, of.scenario)
    cells = [[own_name(rows[k], t("work.unnamed")), *(known(said(f"task.{k}.{f}")) for f in ("owner", "first", "last", "state"))]
             for k in keys]
    head = [t("work.task"), *(driver_label(wo.TASK, f) for f in ("owner", "first", "last", "state"))]
    return table("", head, cells, (42, 17, 15, 15, 11), words=5)


def team_plan(of: Work) -> Chapter:
    if not of.scenario.rows[li.TEAM]:
        return Chapter(t("document.chapter.team"), [lead(t("document.no_team", unknown=unknown()), "team")])
    head = [t("plan.position"), *(driver_label(li.TEAM, f) for f in ("heads", "monthly_cost")), t("plan.per_month"),
            t("plan.over_plan", count=len(of.result.months))]
    rows = [[c or DASH for c in row] for row in team.rows_of(of.result)]
    return Chapter(t("document.chapter.team"), [
        lead(team.title(of.result), "team"), table("", head, rows, (28, *[18] * 4), total=True)])


def supply(of: Work) -> Chapter:
    """Stock, what an order costs to send, and what is done about either."""
    fields = ("turnover_days", "carrying_rate", "write_off_rate", "fulfilment_cost", "return_cost", "compensation",
              "supply_chain_reserve", "credit_days")
    rows = [[driver_label(d.BUSINESS, f), _worded(of.scenario, f)] for f in fields]
    stock = money(float(of.year.lines["stock"][-1, 0]))
    days, cost = (_worded(of.scenario, f) for f in ("turnover_days", "fulfilment_cost"))
    said = t("document.supply", days=days, stock=stock, cost=cost)
    return Chapter(t("document.chapter.supply"), [
        lead(said), Text(t("document.delivery", list=known(_moving(of.scenario, (*_STOCK, *_DELIVERY)))), parts=("supply",)),
        table("", [t("desk.assumption"), t("document.plan")], rows, (60, 40))])


def _worded(scenario: Scenario, field: str) -> str:
    """A number of the business with the word of its unit, days too."""
    value = scenario.get(field)
    return counted(value, "document.day") if TABLES[d.BUSINESS][field].unit == u.DAYS else place_names.shown(field, value)
