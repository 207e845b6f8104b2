"""The site as it stands in a company, through nginx and TLS on two replicas: what outlives one of them, and what the doors say."""

from __future__ import annotations

import json
import shutil
import ssl
import time
import urllib.error
import urllib.request
from contextlib import ExitStack

import pytest
from hands import CALM, MET, WIRE, answered, button, file_box, go, move, press, reload, settled, slider, upload, value
from playwright.sync_api import Page, expect
from provider import CLIENT_SECRET, COOKIE_SECRET, let_the_provider_be_seen, provider, sign_in
from started import PATIENCE
from websockets.sync.client import connect

from deploy.serve import Replica, Site, free_port, site
from model import evaluate, kpi
from samples import ROOT, sample

NEEDED = [name for name in ("nginx", "openssl") if not shutil.which(name, path="/usr/sbin:/usr/bin:/bin:/usr/local/bin")]


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    if NEEDED:
        pytest.skip(f"not here: {', '.join(NEEDED)}")
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    with provider(folder / "secrets.toml", f"https://localhost:{port}", {"pan": ["budget"]}) as secrets:
        settings = {"STREAMLIT_SECRETS_FILES": str(secrets), "SANDTABLE_SIGN_IN": "required"}
        with site(folder, database=f"sqlite:///{folder}/site.db", port=port, settings=settings) as found:
            yield found


def of_tab(company: Site, page: Page) -> Replica:
    """The replica that has somebody's socket."""
    name = next(c["value"] for c in page.context.cookies(company.address) if c["name"] == "sandtable_replica")
    return next(replica for replica in company.replicas if replica.name == name)


def exact_gmv(percent: int) -> str:
    return f"{kpi(evaluate(sample().with_values({'headline.aov': 1 + percent / 100})), 'gmv')[0]:.1f}"


@pytest.fixture
def somebody(browser, company):
    """Pan at work, in a browser of its own: what is said in it of a connection that breaks is no fault."""
    context = browser.new_context(locale="zh-CN", ignore_https_errors=True)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(WIRE + CALM + MET)
    page = context.new_page()
    let_the_provider_be_seen(page)
    page.goto(f"{company.address}/?lang=zh")
    sign_in(page, "pan")
    yield settled(page)
    context.close()


def test_the_replica_in_use_is_killed_and_the_work_goes_on_on_the_other(company, somebody):
    page = somebody
    move(page, "lever_aov", "ArrowRight", "ArrowRight")
    moved = value(page).get_attribute("title")
    page.wait_for_timeout(1000)  # what is older than a second is never lost
    killed = of_tab(company, page)
    killed.kill()
    began = time.monotonic()
    press(page, "lever_aov", "ArrowRight")  # into nothing: there is nobody to hear it, and it may be lost
    while value(page).get_attribute("title") == moved:
        press(page, "lever_aov", "ArrowRight")
        page.wait_for_timeout(250)
        assert time.monotonic() - began < 60, "nobody answers"
    page.wait_for_timeout(1500)
    said = int(slider(page, "lever_aov").input_value())
    assert said > 2
    expect(value(page)).to_have_attribute("title", exact_gmv(said))
    expect(button(page, "bar_undo")).to_be_enabled()
    reload(page)
    expect(slider(page, "lever_aov")).to_have_value(str(said))
    killed.start()
    until_ready(killed)
    page.wait_for_timeout(2500)  # nginx asks the one that was gone again
    for _ in range(2):  # what comes by the tab's socket and what comes beside it still meet in one replica
        reload(page)
        file_box(page)
        upload(page, "bar_incoming", {"name": "plan.csv", "mimeType": "text/csv",
                                      "buffer": (ROOT / "sample_data" / "plan.csv").read_bytes()})
        expect(page.locator(".st-key-bar_incoming_new button").first).to_be_visible()
    page.keyboard.press("Escape")
    go(page, "风险")
    settled(page)


def test_a_tab_that_comes_back_to_a_server_without_its_session_is_alive_and_keeps_its_work_and_language(company, somebody):
    """The last thing done in it was to open a page: Streamlit then asks for nothing when it is connected again."""
    page = somebody
    with answered(page):
        page.locator(".st-key-lang button", has_text="EN").click()
    press(page, "lever_aov", "ArrowRight", "ArrowRight")
    page.wait_for_timeout(1000)
    reload(page)
    wanted = exact_gmv(int(slider(page, "lever_aov").input_value()) + 1)
    replica = of_tab(company, page)
    replica.kill()
    page.wait_for_timeout(5000)
    slider(page, "lever_aov").press("ArrowRight")
    expect(value(page)).to_have_attribute("title", wanted)
    replica.start()
    until_ready(replica)
    reload(page)
    of_tab(company, page).kill()
    page.wait_for_timeout(5000)
    go(page, "Risk")  # by the menu, which takes the address's own words away
    go(page, "Simulate")
    expect(value(page)).to_have_attribute("title", wanted)
    for gone in company.replicas:
        if not gone.ready():
            gone.start()
            until_ready(gone)


def until_ready(replica: Replica) -> None:
    while not replica.ready():
        time.sleep(0.2)


def sockets(company: Site, count: int) -> set[str]:
    """The replicas that answer so many sockets; all stay open until the last one is."""
    trusted = ssl.create_default_context(cafile=str(company.certificate))
    address = company.address.replace("https", "wss") + "/_stcore/stream"
    with ExitStack() as opened:
        found = [opened.enter_context(connect(address, subprotocols=["streamlit"], ssl=trusted)) for _ in range(count)]
        return {socket.response.headers["set-cookie"].split(";")[0] for socket in found}


def test_who_is_up_again_counts_at_once_and_where_nobody_is_a_page_says_so(company):
    """A socket ends no request, by which nginx would see that one that was down answers."""
    first, second = company.replicas
    first.kill()
    assert sockets(company, 4) == {"sandtable_replica=second"}
    second.kill()
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{company.address}/risk", context=ssl.create_default_context(cafile=str(company.certificate)))
    said = caught.value.read().decode()
    assert caught.value.code == 503 and caught.value.headers["retry-after"] == "5" and "经营沙盘" in said and "Sandtable" in said
    first.start()
    until_ready(first)
    assert sockets(company, 4) == {"sandtable_replica=first"}
    second.start()
    until_ready(second)


def test_who_asks_for_another_name_gets_no_answer(company):
    unchecked = ssl._create_unverified_context()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(company.address.replace("localhost", "127.0.0.1"), context=unchecked)


def test_the_doors_say_what_they_should(company):
    trusted = ssl.create_default_context(cafile=str(company.certificate))
    with urllib.request.urlopen(f"{company.address}/risk", context=trusted) as answer:
        said = {name.lower(): text for name, text in answer.headers.items()}
    assert said["strict-transport-security"] == "max-age=31536000" and said["x-frame-options"] == "DENY"
    assert "script-src 'self' blob: 'sha256-" in said["content-security-policy"]
    assert said["server"] == "nginx" and "x-powered-by" not in said
    for closed in ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/readyz"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{company.address}{closed}", context=trusted)
        assert caught.value.code == 404, closed


def test_cookies_are_as_the_manual_says_and_no_secret_is_in_page_or_log(company, somebody):
    known = {cookie["name"]: cookie for cookie in somebody.context.cookies(company.address) if cookie["name"] != "sandtable_met"}
    assert {"_streamlit_user", "_streamlit_xsrf", "sandtable_replica"} <= set(known)
    for name, cookie in known.items():  # its page reads the one against forged requests
        assert (cookie["secure"], cookie["sameSite"], cookie["httpOnly"]) == (True, "Lax", name != "_streamlit_xsrf"), name
    told = somebody.content() + "".join(path.read_text(errors="replace") for path in company.folder.rglob("*log*") if path.is_file())
    for secret in (CLIENT_SECRET, COOKIE_SECRET, known["_streamlit_user"]["value"], "site.db", "eyJ"):
        assert secret not in told, secret


def test_logs_are_lines_of_json_without_what_was_typed(company):
    lines = [json.loads(line) for name in ("first.log", "second.log", "nginx/nginx-access.log")
             for line in (company.folder / name).read_text().splitlines() if line.startswith("{")]
    whole = json.dumps(lines, ensure_ascii=False)
    assert len(lines) > 10 and "青禾" not in whole and "?" not in whole and "lang=" not in whole
    assert "lang=" not in (company.folder / "nginx" / "nginx-error.log").read_text()


def test_a_dead_replica_is_not_ready_and_the_living_one_is(company):
    first, second = company.replicas
    first.kill()
    assert not first.ready() and second.ready()
    first.start()
