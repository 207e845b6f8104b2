"""The bridge: complete, the same in any order, each bar opened; worked by hand and on random pairs of plans."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from every import as_many, some
from hypothesis import given, settings
from hypothesis import strategies as st

import plans
import strategies
from model import KPIS, Scenario, UnknownName, evaluate, from_json, kpi
from model.analysis.compare import Bridge, bridge, bridge_of
from model.analysis.compare.changes import BRIDGE_GROUPS, Player, changed_addresses, group_of, mixed, players_between
from model.analysis.compare.shapley import Exact, Sampled, shapley
from model.plan import risks as ri
from model.plan.schema import TABLES, join
from samples import ROOT, changed, sample, sample_plan

#: one change in each of ten groups, and in three more
TEN = {"headline.traffic_price": 1.1, "headline.ctr": 1.05, "headline.cvr": 0.97, "headline.aov": 1.03,
       "promotion.618.uplift": 0.5, "headline.refund_rate": 1.05, "headline.goods_margin_rate": 0.98,
       "headline.repurchase_rate": 1.1, "headline.budget": 1.1, "channel.creators.share": 0.1, "channel.own_live.share": 0.2}
MORE = {"other_overhead": 100_000.0, "initiative.clearance.on": True, "vat": 0.12}


def preset(name: str) -> Scenario:
    return from_json((ROOT / f"sample_data/scenarios/{name}.json").read_bytes(), {"sample": sample_plan()})


def by_group(found: Bridge) -> dict[str, float]:
    return {bar.group: bar.value for bar in found.bars}


def assert_complete(found: Bridge) -> None:
    assert found.reason == ""
    whole = found.end - found.start
    size = max(abs(whole), *(abs(bar.value) for bar in found.bars), 1e-300)
    assert sum(bar.value for bar in found.bars) == pytest.approx(whole, rel=1e-9, abs=1e-9 * size)
    for bar in found.bars:
        assert not bar.drivers or sum(p.value for p in bar.drivers) == pytest.approx(bar.value, rel=1e-9, abs=1e-9 * size)


def assert_negative(found: Bridge, back: Bridge) -> None:
    assert (back.start, back.end, back.reason) == (found.end, found.start, found.reason)
    assert [(b.group, -b.value, b.error) for b in back.bars] == [(b.group, b.value, b.error) for b in found.bars]
    for one, other in zip(found.bars, back.bars, strict=True):
        assert {p.addresses: (-p.value, p.error) for p in other.drivers} == {p.addresses: (p.value, p.error) for p in one.drivers}


# --- worked by hand -----------------------------------------------------------------------------------------------

#: a shop with free visits and nothing else: gmv = 12 months · 1,000 visits · 5 % · 100 yuan = 60,000
SHOP = plans.scenario(plans.bare(), {"channel.shop.visits": 1000.0, "channel.shop.cvr": 0.05, "channel.shop.aov": 100.0})


def test_two_drivers_by_hand():
    found = bridge(SHOP, SHOP.with_values({"channel.shop.cvr": 0.06, "channel.shop.aov": 150.0}), "gmv")
    visits = 12 * 1000
    assert (found.start, found.end) == pytest.approx((visits * 0.05 * 100, visits * 0.06 * 150))          # 60,000 → 108,000
    conversion = (visits * 0.01 * 100 + visits * 0.01 * 150) / 2   # first of the two, and last: 12,000 and 18,000
    order_value = (visits * 0.05 * 50 + visits * 0.06 * 50) / 2    # 30,000 and 36,000
    assert (conversion, order_value) == pytest.approx((15_000, 33_000))
    assert by_group(found) == pytest.approx({"conversion": conversion, "order_value": order_value})
    assert found.exact and [bar.drivers[0].addresses for bar in found.bars] == [("channel.shop.cvr",), ("channel.shop.aov",)]


def test_a_bar_of_two_drivers_by_hand():
    found = bridge(SHOP, SHOP.with_values({"channel.shop.cvr": 0.06, "headline.cvr": 1.1, "channel.shop.aov": 150.0}), "gmv")
    bar = found.bars[0]
    # conversion × 1.2 × 1.1 = 1.32, order value × 1.5; the orders of conversion meet 100 yuan, or 150: 1.25 on average
    assert bar.value == pytest.approx(60_000 * 0.32 * 1.25)
    assert {p.addresses[0]: p.value for p in bar.drivers} == pytest.approx({
        "channel.shop.cvr": 60_000 * 1.25 * (0.2 + 0.2 * 1.1) / 2,     # 15,750
        "headline.cvr": 60_000 * 1.25 * (0.1 + 0.1 * 1.2) / 2})        # 8,250


def test_costs_that_only_add_up_are_their_own_bars():
    found = bridge(SHOP, SHOP.with_values({"other_overhead": 100.0, "technology": 50.0, "channel.shop.channel_fixed": 10.0}))
    assert by_group(found) == pytest.approx({"costs": -120.0, "overhead": -1800.0})
    assert {p.addresses[0]: p.value for p in found.bars[1].drivers} == pytest.approx({"other_overhead": -1200, "technology": -600})


# --- Shapley and Owen themselves ----------------------------------------------------------------------------------

def in_every_order(worth: np.ndarray, orders) -> np.ndarray:
    n = len(worth).bit_length() - 1
    out, count = np.zeros(n), 0
    for order in orders:
        have, count = 0, count + 1
        for i in order:
            out[i] += worth[have | 1 << i] - worth[have]
            have |= 1 << i
    return out / count


@pytest.mark.parametrize("n", range(1, 7))
def test_shapley_is_the_mean_over_all_orders(n):
    worth = np.random.default_rng(n).normal(size=2**n)
    assert shapley(worth) == pytest.approx(in_every_order(worth, permutations(range(n))))


def test_gloves():
    assert shapley(np.array([0, 0, 0, 1, 0, 1, 0, 1.0])) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


UNIONS = (0, 0, 0, 1, 2, 2)


def orders_that_keep_unions_together():
    for order in permutations(range(len(UNIONS))):
        seen = [UNIONS[i] for i in order]
        if all(seen[k] == seen[k - 1] or seen[k] not in seen[:k] for k in range(1, len(seen))):
            yield order


def designs():
    """Union 0 of `UNIONS` and the two others, as rows over six players; and the worth of any row."""
    worth = np.random.default_rng(3).normal(size=2**6)
    masks = np.array([[u == k for u in UNIONS] for k in range(3)])
    return np.eye(6, dtype=bool)[:3], masks[1:], worth, lambda rows: worth[rows @ (1 << np.arange(6))]


def test_owen_is_the_mean_over_the_orders_that_keep_unions_together():
    units, others, worth, measure = designs()
    expected = in_every_order(worth, orders_that_keep_unions_together())[:3]
    design = Exact(units, others)
    values, errors = design.closed(measure(design.rows), expected.sum())
    assert values == pytest.approx(expected) and not errors.any()


def test_sampled_values_close_on_the_total_and_lie_within_their_errors():
    units, others, worth, measure = designs()
    expected = in_every_order(worth, orders_that_keep_unions_together())[:3]
    scores = []
    for seed in range(40):
        design = Sampled(units, others, 64, np.random.default_rng(seed))
        values, errors = design.closed(measure(design.rows), expected.sum())
        assert values.sum() == pytest.approx(expected.sum(), rel=1e-12)
        scores.append((values - expected) / errors)
    scores = np.array(scores)
    assert abs(scores.mean()) < 0.5 and 0.6 < scores.std() < 1.5 and np.abs(scores).max() < 5


def test_weights_of_coalitions_add_up():
    assert Exact(np.eye(4, dtype=bool), np.zeros((3, 4), bool)).weight.sum() == pytest.approx(1)


# --- guarantees ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("key", ["net_profit", "gmv", "net_revenue", "net_margin_rate", "cac_blended", "lowest_cash"])
def test_complete_and_negated_between_presets(key):
    found, back = bridge(preset("conservative"), preset("ambitious"), key), bridge(preset("ambitious"), preset("conservative"), key)
    assert_complete(found)
    assert_negative(found, back)
    assert found.exact
    assert (found.start, found.end) == pytest.approx([kpi(evaluate(preset(p)), key)[0] for p in ("conservative", "ambitious")])


def test_ten_groups_are_exact_and_eleven_say_their_error():
    ten = bridge(sample(), sample().with_values(TEN))
    assert len(ten.bars) == 10 and ten.exact
    assert_complete(ten)
    more = bridge(sample(), sample().with_values(TEN | MORE))
    assert len(more.bars) == 13 and not more.exact and max(bar.error for bar in more.bars) > 0
    assert_complete(more)
    assert_negative(more, bridge(sample().with_values(TEN | MORE), sample()))
    assert max(bar.error for bar in more.bars) < 0.02 * max(abs(bar.value) for bar in more.bars)


def test_seeds_differ_within_the_errors():
    far = sample().with_values(TEN | MORE)
    one, two = bridge(sample(), far, seed=1), bridge(sample(), far, seed=2)
    for x, y in zip(one.bars, two.bars, strict=True):
        assert abs(x.value - y.value) <= 6 * np.hypot(x.error, y.error) + 1e-6
    assert one == bridge(sample(), far, seed=1)


@settings(max_examples=as_many(2, 20))
@given(strategies.random_plans(), strategies.random_plans())
def test_any_two_plans(one, other):
    """Other promotions, phasing, frame, drivers: every mix on the way is a plan, and the sums hold."""
    a, b = plans.scenario(one), plans.scenario(other)
    found = bridge(a, b)
    assert_complete(found)
    assert_negative(found, bridge(b, a))
    named = {x for bar in found.bars for part in bar.drivers for x in part.addresses}
    assert named <= set(changed_addresses(a, b))


FAR = {"tiers": plans.tiered(), "rich": plans.rich(), "bare": plans.bare() | {"channel.shop.visits": 1000.0}}


@pytest.mark.parametrize("which", some(FAR, keep=2))  # with tiers it is the rich one and more
def test_a_plan_of_another_business(which):
    """No channel, promotion or team in common: rows come and go, and no mix is refused."""
    other = plans.scenario(FAR[which])
    found = bridge(sample(), other, "gmv")
    assert_complete(found)
    assert found.end == pytest.approx(kpi(evaluate(other), "gmv")[0], rel=1e-12)
    assert_negative(found, bridge(other, sample(), "gmv"))


@settings(max_examples=15)
@given(strategies.random_plans(), st.sampled_from(sorted(FAR)), st.randoms(use_true_random=False))
def test_every_mix_of_players_is_a_plan(values, which, chance):
    a, b = plans.scenario(values), plans.scenario(FAR[which])
    players: list[Player] = players_between(a, b, changed_addresses(a, b), False)
    for _ in range(5):
        mixed(a, [p for p in players if chance.random() < 0.5])
    assert changed_addresses(mixed(a, players), b) == []


def test_equal_scenarios_have_no_bars():
    again = Scenario(sample().as_plan("copy"))
    for a, b in ((sample(), sample()), (sample(), again), (sample(), changed(plan_name_zh="x", target__gmv__kpi="gmv",
                                                                              target__gmv__value=1.0))):
        found = bridge(a, b)
        assert found.bars == () and found.reason == "" and found.start == found.end


def test_an_unchanged_driver_has_no_bar():
    found = bridge(sample(), sample().with_values({"headline.cvr": 1.1, "budget": sample().get("budget")}))
    assert list(by_group(found)) == ["conversion"]


def test_a_driver_without_effect_has_a_bar_of_nothing():
    found = bridge(sample(), sample().with_values({"headline.cvr": 1.1, "other_overhead": 0.0}), "gmv")
    assert by_group(found)["overhead"] == 0


# --- what moves together ------------------------------------------------------------------------------------------

def parts(found: Bridge) -> dict[tuple[str, ...], str]:
    return {part.addresses: bar.group for bar in found.bars for part in bar.drivers}


def test_shares_are_one_driver():
    found = parts(bridge(sample(), changed(channel__creators__share=0.1, channel__own_live__share=0.2)))
    assert found == {("channel.creators.share", "channel.own_live.share"): "split"}


def test_a_new_channel_its_share_and_who_names_it_are_one_driver():
    row = sample().rows["channel"]["own_live"]
    other = sample().with_values({f"channel.video.{f}": v for f, v in row.items() if f != "share"} | {
        "channel.video.share": 0.08, "channel.own_live.share": 0.1, "promotion.618.channels": "video;platform",
        "promotion.618.uplift": 0.5})
    found = parts(bridge(sample(), other))
    assert found == {("channel.own_live.share", "channel.video", "promotion.618.channels"): "split",
                     ("promotion.618.uplift",): "promotions"}
    assert_complete(bridge(other, sample()))


def test_budgets_of_promotions_move_together_only_where_a_mix_would_spend_too_much():
    def shares(first: float, second: float) -> Scenario:
        return changed(promotion__618__budget_share=first, promotion__double11__budget_share=second)

    apart = parts(bridge(shares(0.1, 0.2), shares(0.2, 0.1)))
    assert set(apart) == {("promotion.618.budget_share",), ("promotion.double11.budget_share",)}
    together = parts(bridge(shares(0.1, 0.7), shares(0.7, 0.1)))
    assert list(together) == [("promotion.618.budget_share", "promotion.double11.budget_share")]


def test_a_row_that_the_first_scenario_took_out_comes_back():
    without = sample().with_values({"promotion.618": None})
    assert parts(bridge(without, sample())) == {("promotion.618",): "promotions"}


def test_mitigations_cost_money_whatever_happens_and_other_rows_of_risk_change_no_plan():
    event = {"event.storm.probability": 0.2, "event_effect.storm.event": "storm", "event_effect.storm.driver": "cvr",
             "event_effect.storm.likely": 0.8, "distribution.one.address": "channel.own_live.cvr",
             "distribution.one.family": "pert", "distribution.one.low": 0.01, "distribution.one.high": 0.04}
    risky = sample().with_values(event)
    assert bridge(sample(), risky).bars == ()
    found = bridge(sample(), risky.with_values({"mitigation.plan.event": "storm", "mitigation.plan.on": True,
                                                "mitigation.plan.cost_once": 1000.0}))
    assert list(by_group(found)) == ["initiatives"] and by_group(found)["initiatives"] == pytest.approx(-750, rel=0.01)


def test_risk_is_a_driver_of_a_value_that_reads_it():
    def chance(scenarios):
        return np.array([sum(r["probability"] for r in s.rows[ri.EVENT].values()) + s.get("headline.cvr") for s in scenarios])

    found = bridge_of(chance, sample(), sample().with_values({"event.storm.probability": 0.2, "headline.cvr": 1.1}))
    assert by_group(found) == pytest.approx({"conversion": 0.1, "risk": 0.2})


# --- other values, and no value ---------------------------------------------------------------------------------------

def test_any_value_of_scenarios_has_a_bridge():
    def profit(scenarios):
        return np.array([kpi(evaluate(s), "net_profit")[0] for s in scenarios])

    a, b = preset("base"), preset("ambitious")
    found = bridge_of(profit, a, b)
    assert by_group(found) == pytest.approx(by_group(bridge(a, b)), rel=1e-6)
    closed = bridge_of(profit, a, b.with_values({"channel.platform.cvr": 0.03}), effort=0)
    assert {bar.group: len(bar.drivers) for bar in closed.bars}["conversion"] == 0
    assert_complete(closed)


def test_each_coalition_is_measured_once():
    seen: list[Scenario] = []

    def gmv(scenarios):
        seen.extend(scenarios)
        return np.array([kpi(evaluate(s), "gmv")[0] for s in scenarios])

    bridge_of(gmv, sample(), sample().with_values({"headline.cvr": 1.1, "channel.platform.cvr": 0.03, "vat": 0.1}))
    assert len(seen) == len({s.changes for s in seen}) == 2**3


@pytest.mark.parametrize(("a", "b", "reason"), [
    (SHOP.with_values({"channel.shop.visits": 0.0}), SHOP, "undefined_first"),
    (SHOP, SHOP.with_values({"channel.shop.visits": 0.0}), "undefined_second"),
    (SHOP.with_values({"channel.shop.visits": 0.0}), SHOP.with_values({"channel.shop.visits": 0.0}), "undefined_first"),
])
def test_an_undefined_kpi_has_a_reason_and_no_bars(a, b, reason):
    found = bridge(a, b, "net_margin_rate")
    assert (found.reason, found.bars) == (reason, ())


def test_undefined_on_the_way_only():
    a = SHOP.with_values({"channel.shop.visits": 0.0, "budget": 1000.0})      # sells by advertising
    b = SHOP                                                                  # sells by visits
    found = bridge(a, b, "aov")
    assert np.isfinite([found.start, found.end]).all() and (found.reason, found.bars) == ("undefined_between", ())


def test_an_unknown_kpi():
    with pytest.raises(UnknownName):
        bridge(sample(), sample(), "profit")


def test_every_kpi_has_a_bridge():
    for key in KPIS:
        found = bridge(sample(), changed(headline__cvr=1.02, channel__platform__cpm=66.0), key)
        assert_complete(found)


# --- groups -----------------------------------------------------------------------------------------------------------

def test_every_input_belongs_to_one_group_or_to_none():
    for table, fields in TABLES.items():
        row = "01" if table in ("season", "timing") else "2027-01" if table in ("month", "last_year") else "x"
        for field in fields:
            assert group_of(join(table, row if table not in ("business", "headline") else "", field)) in (*BRIDGE_GROUPS, "")
    used = {group_of(join(t, "01" if t in ("season", "timing") else "2027-01" if t in ("month", "last_year") else
                          "" if t in ("business", "headline") else "x", f)) for t, fields in TABLES.items() for f in fields}
    assert used == {*BRIDGE_GROUPS, ""}


def test_what_no_result_reads_is_in_no_group():
    for address in ("plan_name_zh", "channel.x.name_zh", "target.x.value", "last_year.2026-01.gmv", "channel.x.benchmark_ctr"):
        assert group_of(address) == ""
    with pytest.raises(UnknownName):
        group_of("nothing")
