"""A figure that stands in two places is one function of the same result, and a mean is weighted by what it is a mean of."""

from __future__ import annotations

import numpy as np
import pytest

from model import KPIS, evaluate, kpi
from model.analysis import blended
from pages.ui.channels import view
from pages.ui.kit.formats import number
from pages.ui.simulate import channel_table
from samples import sample

#: an initiative that ramps up over the year, so that a plain mean over months is another number
RAMPED = {"initiative.late.start": "2027-06", "initiative.late.ramp_months": 6} | {
    f"effect.late_{key}.{field}": value for key in ("join", "goods_margin_rate", "repurchase_other_once")
    for field, value in (("initiative", "late"), ("driver", key), ("effect", 0.5 if key == "join" else 0.1))}


def test_rates_that_change_over_the_year_are_weighted_by_what_they_act_on():
    result = evaluate(sample().with_values(RAMPED))
    new, lines = result.by_channel["new_customers"].sum(axis=(1, 2)), result.lines
    join = np.array([view.rates_of(result, i)["join"] for i in range(len(new))])
    assert np.nansum(join * new) == pytest.approx(lines["joiners"].sum(), rel=1e-12)
    plain = np.array([j.mean() for j in result.values.channel["join"]])
    assert abs(np.nansum(plain * new) / lines["joiners"].sum() - 1) > 0.005
    again = sum(blended.once_rate(result, g) * n for g, n in (
        ("member", lines["joiners"].sum()), ("other", (lines["new_customers"] - lines["joiners"]).sum())))
    assert blended.blended(result, "repurchase_rate") == pytest.approx(again / lines["new_customers"].sum(), rel=1e-12)
    goods = (result.values.channel["goods_margin_rate"] * result.by_channel["gmv"]).sum() / lines["gmv"].sum()
    assert blended.blended(result, "goods_margin_rate") == pytest.approx(goods, rel=1e-12)


def test_blended_cac_is_one_figure():
    """The last row of the channels' table is the Compare page's."""
    result = evaluate(sample())
    value = float(kpi(result, "cac_blended")[0])
    assert value == pytest.approx(result.lines["marketing"].sum() / result.lines["new_customers"].sum())
    assert channel_table._column(result, "cac")[-1] == number(value, KPIS["cac_blended"].unit)
