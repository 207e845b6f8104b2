"""What may go otherwise: rows for distributions, correlations, risk events, mitigations and stress tests.

Their fields are rows of the same kind as the drivers, so that checks, files, links and undo serve them as well. A plan
without any of these rows has risk bands all the same: every driver with a `spread` carries PERT(low, plan, high).
"""

from __future__ import annotations

from model import units as u
from model.plan.drivers import Driver

DISTRIBUTION, CORRELATION, EVENT, EVENT_EFFECT = "distribution", "correlation", "event", "event_effect"
MITIGATION, STRESS, STRESS_EFFECT = "mitigation", "stress", "stress_effect"
RISK_TABLES = (DISTRIBUTION, CORRELATION, EVENT, EVENT_EFFECT, MITIGATION, STRESS, STRESS_EFFECT)

SPREAD, FIXED, PERT, TRIANGULAR, UNIFORM = "spread", "fixed", "pert", "triangular", "uniform"
NORMAL, LOGNORMAL, BETA, METALOG = "normal", "lognormal", "beta", "metalog"
#: what a distribution may be said by: low/likely/high, mean and deviation, or 10–50–90 % points. The middle one of
#: each may be left out: it is then the plan's own value, and moves with it.
RANGE, MOMENTS, POINTS = "range", "moments", "points"
FIELDS_OF = {RANGE: ("low", "likely", "high"), MOMENTS: ("mean", "deviation"), POINTS: ("p10", "p50", "p90")}
MIDDLE_OF = {RANGE: "likely", MOMENTS: "mean", POINTS: "p50"}
#: how long an event lasts: at least, most likely, at most
LENGTHS = ("length_low", "length_likely", "length_high")
#: the first is the usual one
FORMS = {
    SPREAD: (), FIXED: (), PERT: (RANGE, MOMENTS), TRIANGULAR: (RANGE, MOMENTS), UNIFORM: (RANGE, MOMENTS, POINTS),
    NORMAL: (MOMENTS, POINTS), LOGNORMAL: (MOMENTS, POINTS), BETA: (MOMENTS, RANGE), METALOG: (POINTS,),
}
#: channels of an effect beside the channels' own keys
ALL, PAID_ONLY = "all", "paid"


def _fields(table):
    def field(key, unit, default, low=0.0, high=1.0, step=0.01, **more) -> Driver:
        return Driver(key, unit, default, low=low, high=high, step=step, per=table, **{"group": table, **more})
    return field


_d = _fields(DISTRIBUTION)
DISTRIBUTION_FIELDS = (
    _d("address", u.TEXT, None),
    _d("family", u.CHOICE, SPREAD, options=tuple(FORMS)),
    *(_d(key, u.NUMBER, None, low=-1e12, high=1e12, optional=True)
      for form in (RANGE, MOMENTS, POINTS) for key in FIELDS_OF[form]),
    _d("monthly_deviation", u.RATE, 0.0, soft=(0.0, 0.4)),
    _d("monthly_rho", u.NUMBER, 0.5, high=0.99, step=0.05),
)
_c = _fields(CORRELATION)
CORRELATION_FIELDS = (
    _c("a", u.TEXT, None),
    _c("b", u.TEXT, None),
    _c("rho", u.NUMBER, None, low=-1.0, high=1.0, step=0.05),
)
_e = _fields(EVENT)
EVENT_FIELDS = (
    _e("name_zh", u.TEXT, "", optional=True),
    _e("name_en", u.TEXT, "", optional=True),
    _e("on", u.FLAG, True),
    _e("probability", u.RATE, None, step=0.01, source="J: traffic has become dearer in most years (C)"),
    _e("first", u.MONTH, None, optional=True),
    _e("last", u.MONTH, None, optional=True),
    _e("length_low", u.NUMBER, 1.0, low=0.05, high=36.0, step=0.5),
    _e("length_likely", u.NUMBER, 2.0, low=0.05, high=36.0, step=0.5),
    _e("length_high", u.NUMBER, 4.0, low=0.05, high=36.0, step=0.5),
)
_f = _fields(EVENT_EFFECT)
EVENT_EFFECT_FIELDS = (
    _f("event", u.TEXT, None),
    _f("driver", u.TEXT, None),
    _f("channel", u.TEXT, ALL),
    _f("mild", u.FACTOR, None, high=100.0, optional=True),
    _f("likely", u.FACTOR, None, high=100.0, soft=(0.3, 5.0)),
    _f("severe", u.FACTOR, None, high=100.0, optional=True),
)
_m = _fields(MITIGATION)
MITIGATION_FIELDS = (
    _m("event", u.TEXT, None),
    _m("name_zh", u.TEXT, "", optional=True),
    _m("name_en", u.TEXT, "", optional=True),
    _m("on", u.FLAG, False),
    _m("cost_once", u.YUAN, 0.0, high=1e9, step=1000.0, cost=True),
    _m("cost_monthly", u.YUAN, 0.0, high=1e9, step=1000.0, cost=True),
    _m("probability_factor", u.FACTOR, 1.0),
    _m("effect_factor", u.FACTOR, 1.0),
)
_s = _fields(STRESS)
STRESS_FIELDS = (
    _s("name_zh", u.TEXT, "", optional=True),
    _s("name_en", u.TEXT, "", optional=True),
)
_t = _fields(STRESS_EFFECT)
STRESS_EFFECT_FIELDS = (
    _t("stress", u.TEXT, None),
    _t("driver", u.TEXT, None),
    _t("channel", u.TEXT, ALL),
    _t("factor", u.FACTOR, None, high=100.0, soft=(0.3, 3.0)),
    _t("first", u.MONTH, None, optional=True),
    _t("last", u.MONTH, None, optional=True),
)
RISK_FIELDS = {
    DISTRIBUTION: DISTRIBUTION_FIELDS, CORRELATION: CORRELATION_FIELDS, EVENT: EVENT_FIELDS,
    EVENT_EFFECT: EVENT_EFFECT_FIELDS, MITIGATION: MITIGATION_FIELDS, STRESS: STRESS_FIELDS,
    STRESS_EFFECT: STRESS_EFFECT_FIELDS,
}
#: rows that each of these tables may have at most
RISK_ROWS = {DISTRIBUTION: 200, CORRELATION: 200, EVENT: 40, EVENT_EFFECT: 200, MITIGATION: 80, STRESS: 40,
             STRESS_EFFECT: 200}
