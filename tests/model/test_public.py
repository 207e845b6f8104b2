"""The names that scripts use."""

from __future__ import annotations

import model

STABLE = {"Plan", "Scenario", "Result", "evaluate", "kpi", "kpi_by_channel", "targets", "checks", "customer_book",
          "lifetime_values", "payback_months", "InvalidInput", "UnknownName", "Violation", "LINES", "KPIS", "DRIVERS"}


def test_public_names_exist_and_stay():
    assert set(model.__all__) >= STABLE
    assert all(hasattr(model, name) for name in model.__all__)
    assert len(model.__all__) == len(set(model.__all__))


def test_rooms_hold_what_scripts_call():
    rooms = {"risk": ("run", "simulate"), "optimize": ("allocate", "best_split"), "compare": ("bridge",),
             "store": ("ScenarioStore",), "goalseek": ("seek",), "review": ("read_actuals", "write_actuals", "bridge", "forecast", "mature")}
    assert all(callable(getattr(getattr(model, room), name)) for room, names in rooms.items() for name in names)
