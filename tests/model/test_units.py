"""Units: shown = stored · scale."""

from __future__ import annotations

from every import each

from model import units
from model.units import Unit

UNITS = [u for u in vars(units).values() if isinstance(u, Unit)]


def test_keys_are_unique():
    assert len({u.key for u in UNITS}) == len(UNITS)


@each("unit", UNITS, ids=lambda u: u.key)
def test_a_unit_is_consistent(unit):
    assert unit.scale in (1.0, 100.0)
    assert (unit.scale == 100.0) == unit.key.endswith("rate")
    assert unit.decimals in (0, 1, 2)
    assert unit.is_number == (unit.kind == "number")
    assert not unit.whole or unit.is_number and unit.decimals == 0
