"""Widgets show what the plan says, however the reader came to them (the browser's half: tests/browser/test_walk.py)."""

from __future__ import annotations

from screens import app, scenario


def factors(at) -> dict[str, float]:
    return {s.key: s.value for s in at.slider if s.key.startswith("lever_")}


def test_sliders_on_a_page_reached_from_another_stand_where_the_plan_is():
    """Streamlit names a widget by key and page: what the session knows of the other page's slider is not told to this one."""
    at = app("en", "simulate")
    for change in (0, 3):
        if change:
            at.slider(key="lever_traffic_price").set_value(change).run()
        for page in ("channels", "customers", "simulate", "customers", "channels", "simulate"):
            at.switch_page(f"pages/{page}.py").run()
            price = round((scenario(at).get("headline.traffic_price") - 1) * 100)
            assert price == change
            want = {k: price if k == "lever_traffic_price" else 0 for k in factors(at)}
            assert want and factors(at) == want, f"on {page}"
