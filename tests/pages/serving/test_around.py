"""What every answer says to the browser, readiness, counters and logs."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from types import SimpleNamespace

import pytest
from people import claims
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from model.errors import StoreProblem
from model.io.store import ScenarioStore, migrate, restore_backup
from model.io.store.database import may_migrate
from pages.ui.serving import around, counters, logs
from pages.ui.session import library, sign_in
from pages.ui.session.sign_in import key_of
from samples import ROOT, sample


def alone(said: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A program in a process of its own: loggers and loaded modules of this one are pytest's."""
    return subprocess.run([sys.executable, "-c", said], env={**os.environ, **settings}, capture_output=True, text=True, check=True, cwd=ROOT)


def site() -> TestClient:
    """Our doors around a program that answers every other address."""
    inside = (*around.ROUTES, Route("/_stcore/metrics", PlainTextResponse("secrets")), Route("/x", PlainTextResponse("x")))
    return TestClient(Starlette(routes=inside, middleware=around.MIDDLEWARE))


def test_every_answer_says_what_the_page_may_do_and_from_whom():
    for path, status in (("/x", 200), ("/nowhere", 404), ("/readyz", 200)):
        said = site().get(path)
        assert said.status_code == status
        policy = dict(part.strip().split(" ", 1) for part in said.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'self'" and policy["frame-ancestors"] == "'none'" and policy["object-src"] == "'none'"
        assert "unsafe" not in policy["script-src"] and "sha256-" in policy["script-src"]
        assert said.headers["x-content-type-options"] == "nosniff" and said.headers["x-frame-options"] == "DENY"


def test_doors_of_streamlits_own_that_nobody_uses_are_closed():
    for path in ("/_stcore/metrics", "/_stcore/metrics/", "/_stcore/agent/interact"):
        assert site().get(path).status_code == site().post(path).status_code == 404


def test_where_people_sign_in_files_are_taken_as_long_as_their_visit_goes_on(store, monkeypatch):
    """The cookie as Streamlit writes it at the sign-in: of another secret, or under another name, it is none."""
    def signed(said: dict, secret: str = "") -> str:
        return create_signed_value(secret or get_cookie_secret(), "_streamlit_user", json.dumps(said)).decode()

    pan, now = {"origin": "http://testserver", **claims("Pan", "budget")}, time.time()
    old = {**pan, "iat": now - 11 * 3600}
    out = {"origin": "http://testserver", **claims("Out", "budget")}
    store.sign_outs.end(key_of(out))
    asked = [(True, "", 403), (True, signed(pan, "another secret"), 403), (True, signed(pan)[:-1], 403), (True, "{}", 403), (True, signed(pan), 200),
             (True, signed(old), 403), (True, signed(out), 403), (True, signed({**pan, "groups": []}), 403), (True, signed([1]), 403),
             (True, signed({**pan, "is_logged_in": False}), 403), (False, "", 200)]
    said = sign_in.settings_of({"roles": {"planner": ["budget"]}})
    inside = (Route("/_stcore/upload_file/{x:path}", PlainTextResponse("taken"), methods=["PUT"]),)
    monkeypatch.setattr(sign_in, "settings", lambda: said)
    for needed, cookie, status in asked:
        for name in ("needed", "on"):
            monkeypatch.setattr(sign_in, name, lambda needed=needed: needed)
        client = TestClient(Starlette(routes=inside, middleware=around.MIDDLEWARE))
        found = client.put("/_stcore/upload_file/session/file", content=b"x", headers={"cookie": f"_streamlit_user={cookie}"} if cookie else {})
        assert found.status_code == status and "content-security-policy" in found.headers, (needed, cookie)


def test_the_pages_script_is_kept_by_the_browser_for_as_long_as_it_is_the_same():
    found = site().get(f"/{around.our_page.SCRIPT}")
    assert found.headers["content-type"].startswith("text/javascript") and "immutable" in found.headers["cache-control"]
    assert "BACKEND_BASE_URL" in found.text


def test_the_first_page_is_found_by_its_name_too():
    found = site().get("/simulate?lang=zh", follow_redirects=False)
    assert (found.status_code, found.headers["location"]) == (307, "./?lang=zh")


def test_ready_asks_the_library_and_says_no_more_than_that(monkeypatch, tmp_path):
    monkeypatch.setenv("SANDTABLE_DB", f"sqlite:///{tmp_path}/x.db")
    assert site().get("/readyz").json()["ready"] is True

    def gone():
        raise StoreProblem("store_unreachable", "postgresql://secret-host/plans")
    monkeypatch.setattr(library, "store", gone)
    found = site().get("/readyz")
    assert (found.status_code, found.json()) == (503, {"ready": False, "reason": "store_unreachable"})


def test_another_schema_than_todays_is_not_ready(monkeypatch):
    monkeypatch.setattr("model.io.store.migrate.newest", lambda: "9999")
    store = SimpleNamespace(ask=lambda question: "0001")
    monkeypatch.setattr(library, "store", lambda: store)
    assert (site().get("/readyz").status_code, site().get("/readyz").json()["schema"]) == (503, "0001")


def test_a_backup_is_made_and_restored_where_the_app_may_not_migrate(monkeypatch, tmp_path):
    url = f"sqlite:///{tmp_path}/x.db"
    with closing(ScenarioStore(url)) as store:
        store.save(sample().named("Ours"), author="Lin")
    monkeypatch.setenv("SANDTABLE_MIGRATE", "no")
    with closing(ScenarioStore(url)) as store:
        store.backup(tmp_path / "b.db")
    restore_backup(tmp_path / "b.db", f"sqlite:///{tmp_path}/y.db")
    with closing(ScenarioStore(f"sqlite:///{tmp_path}/y.db")) as store:
        assert store.list().total == 1


def test_where_an_account_of_its_own_migrates_the_app_leaves_old_tables_as_they_are(monkeypatch, tmp_path):
    url = f"sqlite:///{tmp_path}/x.db"
    monkeypatch.setenv("SANDTABLE_MIGRATE", "no")
    assert not may_migrate()
    with pytest.raises(StoreProblem) as caught:
        ScenarioStore(url)
    assert caught.value.code == "store_older"
    ScenarioStore(url, migrating=True).close()
    again = ScenarioStore(url)
    assert again.ask(migrate.revision_of).isdigit()
    again.close()


def test_counters_are_served_where_they_are_asked_for(monkeypatch):
    made = counters.Counters()
    monkeypatch.setattr(counters, "ours", lambda: made)
    port = made.serve(0)
    with counters.run_of("risk"):
        pass
    with pytest.raises(ValueError), counters.run_of("plan"):
        raise ValueError("somebody's figure")
    site().get("/nowhere")
    said = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
    for line in ('sandtable_run_seconds_count{page="risk"} 1.0', 'sandtable_failures_total{kind="ValueError",page="plan"} 1.0',
                 'sandtable_answers_total{status="4xx"} 1.0'):
        assert line in said
    assert "figure" not in said


def test_nothing_is_counted_where_nobody_asks(monkeypatch):
    monkeypatch.delenv("SANDTABLE_METRICS_PORT", raising=False)
    counters.ours.cache_clear()
    assert counters.ours() is None
    counters.answered(200)


def line(logger: str, text: str, *values: object, error: BaseException | None = None) -> dict:
    record = logging.LogRecord(logger, logging.WARNING, "x.py", 1, text, values, (type(error), error, error.__traceback__) if error
                               else None, "made")
    return json.loads(logs.OneLine().format(record))


def test_a_line_of_the_log_is_one_object_without_what_people_typed():
    try:
        raise ValueError("Plan of the shop: 1,234,567")
    except ValueError as error:
        found = line("pages.ui.session.drafts", "a draft was not written", error=error)
    assert (found["level"], found["message"], found["exception"]) == ("warning", "a draft was not written", "ValueError")
    assert found["at"][-1].startswith("test_around.py:") and "1,234" not in json.dumps(found)
    assert line("streamlit.x", "opened %s", "our plan")["message"] == "opened %s"
    assert line("streamlit.x", "opened our plan")["message"] == "made"


def test_lines_are_settled_only_where_it_is_asked_for(monkeypatch):
    before = list(logging.root.handlers)
    monkeypatch.delenv("SANDTABLE_LOG", raising=False)
    logs.settle()
    assert logging.root.handlers == before


def test_a_logger_that_streamlit_makes_later_writes_such_lines_too():
    said = """
import logging
from pages.ui.serving import logs
logs.settle()
from streamlit.logger import get_logger
for name in ("streamlit.runtime.app_session", "streamlit.made.later", "elsewhere"):
    try:
        raise ValueError("1,234,567")
    except ValueError:
        get_logger(name).exception("of a plan")
"""
    told = alone(said, SANDTABLE_LOG="json").stderr
    lines = [json.loads(text) for text in told.splitlines()]
    assert [line["exception"] for line in lines] == ["ValueError"] * 3 and "1,234" not in told


def test_a_replica_that_is_warm_has_done_once_what_its_first_visitor_needs_though_its_library_is_away():
    said = """
import sys
from pages.ui.serving import warm
from pages.ui.session import results
warm.settle()
print(results._drawn.cache_info().currsize, *(name in sys.modules for name in ("scipy.optimize", "pandas", "docx", "pages.ui.review.files")))
"""
    away = "postgresql://nobody@127.0.0.1:1/nowhere"
    assert alone(said, SANDTABLE_DB=away, SANDTABLE_WARM="yes").stdout.split() == ["1", *["True"] * 4]
    assert alone(said, SANDTABLE_DB=away, SANDTABLE_WARM="no").stdout.split()[:2] == ["0", "False"]
