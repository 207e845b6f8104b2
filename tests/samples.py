"""The sample plan and its scenario for tests, and `refused`: the violations with which a reader turns input away."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from model import InvalidInput, Plan, Scenario, UnreadableFile, Violation, read_plan
from model.review import booked_share, read_actuals
from model.review.kept import actuals_of, with_actuals

ROOT = Path(__file__).parent.parent
CSV = ROOT / "sample_data" / "plan.csv"


@cache
def sample_plan() -> Plan:
    return read_plan(CSV.read_bytes(), "sample")


@cache
def sample() -> Scenario:
    return Scenario(sample_plan())


def changed(**values: object) -> Scenario:
    """The sample with changes; an address's dots are written as two underscores."""
    return sample().with_values({a.replace("__", "."): v for a, v in values.items()})


def june(of: Scenario | None = None) -> Scenario:
    """The plan with the sample's actual months, January to June."""
    of = of or sample()
    return with_actuals(of, read_actuals((ROOT / "sample_data" / "actuals.csv").read_bytes(), of))


def just_after_june() -> Scenario:
    """The same with its refunds as they are booked on the day after June."""
    end = actuals_of(june())
    booked = {p: v * booked_share(end, p[0]) for p, v in end.said.items() if p[2] == "refunds"}
    return with_actuals(sample(), end.with_cells(booked))


def refused(reader, *args, unreadable: bool = False) -> tuple[Violation, ...]:
    """The violations of input that must be refused; each has a place, a known code and nothing long in it."""
    with pytest.raises(InvalidInput) as caught:
        reader(*args)
    found = caught.value.violations
    assert found and isinstance(caught.value, UnreadableFile) == unreadable, found[:3]
    for v in found:
        assert v.place and v.advice and v.level == "error"
        assert len(v.place) < 250 and len(v.got) <= 60 and (v.got + v.place).isprintable()
    return found


def codes(found) -> list[tuple[str, str]]:
    return [(v.code, v.place) for v in found]
