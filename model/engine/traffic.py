"""Spend to impressions to clicks to orders (model.md section 4). numpy only; every argument is named by its driver.

Shapes: (channels, months, draws), any of them 1.
"""

from __future__ import annotations

import numpy as np

#: stands for an empty pool under a fraction line: the result is multiplied by the empty pool
NOBODY = 1e-25


def paid_traffic(spend, cpm, traffic_price, ctr, carry_over, opening_exposure):
    """Impressions, clicks and exposure (impressions with carry-over) of the paid channels, each (channels, M, D).

    spend: yuan a month. cpm: yuan a thousand impressions. traffic_price: factor. opening_exposure: impressions.
    """
    impressions = 1000 * spend / (cpm * traffic_price)
    return {"impressions": impressions, "clicks": impressions * ctr,
            "exposure": carried(impressions, carry_over, opening_exposure)}


def carried(impressions, carry_over, opening_exposure):
    """Exposure (channels, M, D), impressions: exposure[m] = (1 − θ) · impressions[m] + θ · exposure[m − 1]."""
    if not np.any(carry_over):
        return impressions
    shape = np.broadcast_shapes(impressions.shape, carry_over.shape, opening_exposure[:, :1].shape)
    exposure = np.empty(shape, impressions.dtype)
    exposure[:] = (1 - carry_over) * impressions
    theta, previous = np.broadcast_to(carry_over, shape), opening_exposure[:, 0]
    for m in range(shape[1]):
        exposure[:, m] += theta[:, m] * previous
        previous = exposure[:, m]
    return exposure


def power(base, exponent):
    """base^exponent, base ≥ 0, exponent > 0 where base is 0.

    numpy's own takes a short cut for 1, 2 and ½ on some shapes of arrays and not on others, with another last digit: draws
    would depend on the size of their block.
    """
    with np.errstate(divide="ignore"):
        return np.exp(exponent * np.log(base))


#: so far beyond saturation that one more is none, in single precision too; what is beyond it is no number there
LARGE = 1e30


def hill(z, shape):
    """z^n ÷ (1 + z^n), 0…1, of any shape; the plain z ÷ (1 + z) where n is 1 spares the power."""
    if np.all(shape == 1):
        return z / (1 + z)
    with np.errstate(over="ignore"):
        risen = np.minimum(power(z, shape), LARGE)
    return risen / (1 + risen)


def best_audience(reach, audience, shape):
    """Of the audiences from 1 up to today's, the one that gives most orders on an S-shaped curve (shape n > 1).

    reach: exposure ÷ (saturation · impressions_ref). audience: a factor, 1 in an ordinary month. (channels, M, D).
    """
    turn = power(np.where(shape > 1, shape - 1, 1), 1 / shape)
    fitted = np.minimum(audience, np.maximum(1, reach / turn))
    return np.where((shape > 1) & (audience > 1), fitted, audience)


def paid_orders(exposure, ctr, cvr, impressions_ref, saturation, shape, season, promo, fill):
    """Orders a month of the paid channels (channels, M, D): the plain funnel at the reference exposure, saturating above it.

    exposure, impressions_ref: impressions a month. saturation: multiple of the reference. season, promo: factors. fill: 0…1.
    """
    size = saturation * impressions_ref
    reach = exposure / size
    audience = season * promo
    if np.any(shape > 1):
        audience = best_audience(reach, audience, shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        filled = hill(np.where(audience > 0, reach / audience, 0), shape)
    at_reference = hill(1 / saturation, shape)
    return audience * filled * (impressions_ref / at_reference * ctr * cvr) * (promo * fill)


def grown(growth, year_fraction):
    """What visits have grown by since the start (…, M, D), smoothly, where growth is one rate or each month's own."""
    if growth.shape[-2] == 1:
        return power(1 + growth, year_fraction)
    steps = np.log(1 + growth) / 12
    return np.exp(np.cumsum(steps, axis=-2) - steps)


def organic(visits, growth, year_fraction, season, promo, halo, paid_clicks, reference_clicks, cvr, fill):
    """Clicks and orders a month of people who never ordered (1, M, D); advertising lifts their visits by the halo.

    visits: a month. growth: a year (…, 1 or M, D). year_fraction: years since the start (M, 1). paid_clicks,
    reference_clicks: (1, M, D) of all paid channels; where the plan's reference is 0, the halo is 0.
    """
    lift = np.divide(paid_clicks, reference_clicks, out=np.zeros(np.broadcast_shapes(
        np.shape(paid_clicks), np.shape(reference_clicks)), paid_clicks.dtype), where=reference_clicks > 0)
    clicks = visits * grown(growth, year_fraction) * season * promo * (1 - halo + halo * lift)
    return {"clicks": clicks, "orders": clicks * cvr * fill}


def owned(pool, spend, cpm, ctr, cvr, frequency, season, promo, fill, response, reachable):
    """Impressions, clicks and orders of the private domain in one month (D,).

    pool: members. spend: yuan. frequency: messages a member. response: share of members who answer like recent ones.
    reachable: members not reordering · recency weight.
    """
    capacity = pool * frequency
    impressions = -capacity * np.expm1(-1000 * spend / np.maximum(cpm * capacity, NOBODY))
    clicks = impressions * ctr
    orders = np.minimum(clicks * cvr * season * promo * fill * response, reachable)
    return impressions, clicks, orders
