"""A seeded random walk over all pages: no widget and no card ever shows anything but the plan (more of it: make soak)."""

from __future__ import annotations

import pytest
from hands import go, settled, slider, visit
from started import server
from walk import START, Walk


@pytest.mark.parametrize(("start", "seed", "steps"), [("the sample", 1, 40), ("a plan of 24 months", 2, 30)])
def test_after_every_step_of_a_walk_everything_shows_the_plan(new_page, tmp_path, start, seed, steps):
    with server(tmp_path / "server.log") as address:
        page = visit(new_page(), address, **START[start]())
        walk = Walk(page, address, tmp_path / "sandtable.db", seed)
        walk.run(steps)
        assert min(walk.acted.values()), f"kinds of steps, and how often each was done: {walk.acted}"


def test_a_fresh_app_waited_for_as_a_person_does_shows_the_plan_on_each_page(page, address):
    """The race of the past: four seconds after the first page a click to another left its sliders at their minimum."""
    visit(page, address, "/")
    page.wait_for_timeout(4_000)
    for name in ("Channels", "Customers", "Simulate", "Customers", "Simulate"):
        go(page, name)
        values = page.evaluate("[...document.querySelectorAll('[class*=st-key-lever_] input')].map(e => Number(e.value))")
        assert values and not any(values), f"{name}: {values}"
    page.go_back()
    settled(page)
    values = page.evaluate("[...document.querySelectorAll('[class*=st-key-lever_] input')].map(e => Number(e.value))")
    assert values and not any(values), f"back: {values}"


def test_a_held_arrow_key_loses_nothing(page, address):
    visit(page, address, "/")
    slider(page, "lever_aov").focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(30)
    settled(page)
    assert slider(page, "lever_aov").input_value() == "30"
