"""Widgets show what the plan says, however the reader came to them (the browser's half: tests/browser/test_walk.py)."""

from __future__ import annotations

from screens import app, scenario

from pages.ui.kit import html_tables


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


def test_the_editors_of_a_grids_cells_are_fetched_before_they_are_needed():
    """Their scripts go by private names of this version of Streamlit: where they are called otherwise, keys are lost again."""
    assert len(html_tables.cell_editors()) == 2
    assert any("removeEventListener('pointerover'" in e.proto.body and html_tables.cell_editors()[0] in e.proto.body
               for e in app("en", "simulate").get("html"))
