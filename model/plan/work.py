"""What a plan has beside money: activities by week or month, offers for groups of members, tasks with owners and dates.

Their fields are rows of the same kind as the drivers, so that checks, files, grids, undo and versions serve them as well. No
figure is computed from them: what of the work follows from drivers is in `analysis/followed.py`.
"""

from __future__ import annotations

from model import units as u
from model.plan.drivers import Driver

ACTIVITY, OFFER, TASK = "activity", "offer", "task"
WORK_TABLES = (ACTIVITY, OFFER, TASK)
RHYTHMS = ("month", "week", "day")
#: groups of the private domain, as the customers' segments have them
SEGMENTS = ("new", "active", "dormant")
OPEN, DOING, DONE = STATES = ("open", "doing", "done")


def _fields(table):
    def field(key, unit, default="", low=0.0, high=1.0, step=0.01, **more) -> Driver:
        return Driver(key, unit, default, low=low, high=high, step=step, per=table, **{"group": table, "optional": True, **more})
    return field


_a = _fields(ACTIVITY)
_o = _fields(OFFER)
_t = _fields(TASK)
#: what a row is where nobody has said: a task is open, an activity is the whole shop's
UNSAID = {"state": OPEN, "channel": "all"}
#: no field must be filled in: a row is typed cell by cell, and nothing stands in a cell that nobody has typed
WORK_FIELDS = {
    ACTIVITY: (
        _a("name_zh", u.TEXT),
        _a("name_en", u.TEXT),
        _a("channel", u.TEXT),
        _a("times", u.COUNT, None, high=100_000.0, step=1.0),
        _a("rhythm", u.CHOICE, None, options=RHYTHMS),
        _a("owner", u.TEXT),
        _a("note", u.TEXT),
    ),
    OFFER: (
        _o("name_zh", u.TEXT),
        _o("name_en", u.TEXT),
        _o("segment", u.CHOICE, None, options=SEGMENTS),
        _o("note", u.TEXT),
    ),
    TASK: (
        _t("name_zh", u.TEXT),
        _t("name_en", u.TEXT),
        _t("owner", u.TEXT),
        _t("first", u.DATE, None),
        _t("last", u.DATE, None),
        _t("state", u.CHOICE, None, options=STATES),
        _t("note", u.TEXT),
    ),
}
WORK_ROWS = {ACTIVITY: 60, OFFER: 40, TASK: 200}
