"""The page that our addresses are answered with: it has our script, which tells it where its server is, and nothing else is touched."""

from __future__ import annotations

import gzip
from contextlib import suppress

import pytest

from pages.ui.frame.top_bar import PAGES
from pages.ui.serving.our_page import SCRIPT, OurPage

THEIRS = b"<!DOCTYPE html><html><head><title>Streamlit</title></head></html>"


def answer(path: str, status: int = 200, method: str = "GET") -> tuple[dict, bytes]:
    """The head and the body that a browser gets, of a server that packs what it may."""
    async def streamlit(scope, receive, send) -> None:
        packed = (b"accept-encoding", b"gzip") in scope["headers"]
        body = gzip.compress(THEIRS, mtime=0) if packed else THEIRS
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})

    sent: list[dict] = []

    async def send(message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": [(b"accept-encoding", b"gzip"), (b"host", b"x")]}
    with suppress(StopIteration):  # nothing in it waits, so it needs no loop
        OurPage(streamlit)(scope, None, send).send(None)
    start, body = sent
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()
    return start, body["body"]


@pytest.mark.parametrize("path", ["/", *(f"/{page}" for page in PAGES)])
def test_each_page_is_told_where_its_server_is(path):
    _, body = answer(path)
    assert body.startswith(f'<!DOCTYPE html><html><head><script defer src="./{SCRIPT}"></script>'.encode())
    assert b"<title>Sandtable</title>" in body


@pytest.mark.parametrize(("path", "status", "method"), [
    ("/static/js/index.js", 200, "GET"), ("/risk", 304, "GET"), ("/risk", 200, "HEAD"), ("/risk/more", 200, "GET")])
def test_everything_else_goes_through_as_it_is(path, status, method):
    start, body = answer(path, status, method)
    assert start["status"] == status and SCRIPT.encode() not in body and b"Sandtable" not in body
