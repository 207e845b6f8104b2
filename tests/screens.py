"""The app in AppTest: opening a page, and reading cards, tables and charts as a person does."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from html import unescape

import pyarrow as pa
from streamlit.testing.v1 import AppTest

from model import InvalidInput, Scenario
from pages.ui.session import state
from pages.ui.session.state import Workspace, fresh
from samples import ROOT

PAGES = ("simulate", "channels", "customers", "assumptions", "plan", "own", "method")
#: the sections of the long pages: open in tests that read all of a page
SECTIONS = tuple(f"section_{key}" for page in (ROOT / "pages").glob("*.py")
                 for key in re.findall(r'\bSection\("(\w+)"', page.read_text(encoding="utf-8")))
SPENDING = ("platform", "content", "creators", "own_live", "private")


def app(language: str = "en", page: str = "simulate", scenario: Scenario | None = None, run: bool = True,
        boxes: Iterable[str] = (), sections: Iterable[str] = SECTIONS, **query: str) -> AppTest:
    """The app opened on a page; scenario: at hand instead of the sample. boxes: popovers and expanders that are open, beside
    sections of the page. query: parameters of the link.
    """
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in {"lang": language, **query}.items():
        if value:
            at.query_params[key] = value
    if scenario is not None:
        at.session_state["workspace"] = fresh(scenario)
    at.session_state["_met"] = True  # no greeting over what is read
    for box in (*sections, *boxes):
        at.session_state[f"_{box}" if box in SECTIONS else box] = True
    if not run:
        return at
    return sound(at.run() if page == "simulate" else goto(at, page))


def goto(at: AppTest, page: str) -> AppTest:
    return at.switch_page(f"pages/{page}.py").run()


def again(at: AppTest) -> AppTest:
    """The whole page: after the rerun of a fragment the tree holds the fragment alone."""
    return sound(at.run())


def settled(at: AppTest, key: str, seconds: float = 60) -> AppTest:
    """With the page's background work done."""
    end = time.monotonic() + seconds
    while not (job := at.session_state[f"_job_{key}"]).finished:
        assert time.monotonic() < end, f"{key} does not finish"
        time.sleep(0.05)
    assert job.future.exception() is None or isinstance(job.future.exception(), InvalidInput)
    return again(at)


def asked(at: AppTest, key: str) -> AppTest:
    """With what a tab of Optimize is asked for, found."""
    at.button(key=f"go_{key}").click().run()
    return settled(at, key)


def sound(at: AppTest) -> AppTest:
    assert not at.exception, [e.value for e in at.exception]
    return at


def space(at: AppTest) -> Workspace:
    return at.session_state["workspace"]


def scenario(at: AppTest) -> Scenario:
    return space(at).scenario


def component(at: AppTest, key: str):
    """What a component of the page was given; key: cards, levers, shares or channel_results."""
    (found,) = [e.proto for e in at.get("bidi_component") if e.proto.id.endswith(f"-{key}")]
    return json.loads(found.json)


_CARD = re.compile(
    r"aria-describedby='[^']*'>(?P<label>[^<]*)</div><div class='sd-tip'[^>]*>(?P<help>[^<]*)</div>"
    r"<div class='sd-value' title='(?P<exact>[^']*)'>(?P<value>[^<]*)"
    r"</div><p><span(?: class=')?(?P<mood>[^'>]*)'?>(?P<change>[^<]*)</span><span>(?P<last>[^<]*)</span></p>"
    r"<p><span(?: class=')?(?P<verdict>[^'>]*)'?>(?P<target>[^<]*)</span>")


def cards(at: AppTest) -> dict[str, dict[str, str]]:
    """The KPI cards as they stand in the page's HTML, by label."""
    (found,) = [e.proto.body for e in at.get("html") if "sd-cards" in e.proto.body and "<style>" not in e.proto.body]
    every = [{k: unescape(v) for k, v in m.groupdict().items()} for m in _CARD.finditer(found)]
    return {card["label"]: card for card in every}


def verdict(at: AppTest) -> str:
    """The sentences on top of Simulate, without what the draws add to them."""
    found = (e.proto.body for e in at.get("html") if "sd-verdict" in e.proto.body and "<style>" not in e.proto.body)
    return unescape(re.sub("<[^>]*>", "", next(found)))


def charts(at: AppTest) -> list[tuple[str, dict]]:
    """(specification, data by column) of each chart."""
    return [(e.proto.spec, table(e.proto)) for e in at.get("vega_lite_chart")]


def table(proto) -> dict[str, list]:
    raw = proto.data.data if proto.HasField("data") else proto.datasets[0].data.data
    return pa.ipc.open_stream(raw).read_all().to_pydict()


def markdown(at: AppTest) -> str:
    return "\n".join(m.value for m in at.markdown)


def move(at: AppTest, slider: str, value) -> AppTest:
    """Move a slider and show the whole page."""
    at.slider(key=slider).set_value(value).run()
    return again(sound(at))


def click(at: AppTest, button: str) -> AppTest:
    at.button(key=button).click().run()
    return again(sound(at))


def press_anyway(at: AppTest, button: str) -> AppTest:
    """Send the press of a greyed button: no browser does, but whoever writes to the server by hand can."""
    found = at.button(key=button)
    found.proto.disabled = False
    found.click().run()
    return sound(at)


def opened(at: AppTest, *boxes: str) -> AppTest:
    """With popovers or expanders open."""
    for box in boxes:
        at.session_state[box] = True
    return sound(at.run())


def shares(at: AppTest) -> dict[str, float]:
    return {s.key.removeprefix("share_"): s.value for s in at.slider if s.key.startswith("share_")}


def query(at) -> dict[str, str]:
    """The parameters of the address."""
    return {k: v[0] if isinstance(v := at.query_params[k], list) else v for k in (*state.SAID, "w", "lang") if k in at.query_params}


def upload(at, key: str, name: str, data: bytes, mime: str):
    at.file_uploader(key=key).set_value((name, data, mime)).run()
    return again(at)
