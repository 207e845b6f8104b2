"""What stands between the browser and Streamlit: the page that each of our addresses is answered with."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.ui.frame.top_bar import PAGES

#: Streamlit's page looks for its server below the page's own path first, and gets a 404 on every deep link: told, it asks once.
#: The server is beside the page, also where a proxy has put both below a path. Its title is read before ours is there.
_SAID = ((b"<head>", b"<head><script>window.__streamlit={BACKEND_BASE_URL:new URL('.',location).href}</script>"),
         (b"<title>Streamlit</title>", b"<title>Sandtable</title>"))
_ADDRESSES = frozenset({"/", *(f"/{page}" for page in PAGES)})


class OurPage:
    """Answer our addresses with Streamlit's page as we say it; everything else goes through as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in _ADDRESSES:
            await self.app(scope, receive, send)
            return
        begun: list[Message] = []

        async def said(message: Message) -> None:
            """Hold the head back until the length of the body is known."""
            if message["type"] == "http.response.start" and message["status"] == 200:
                begun.append(message)
                return
            if begun:
                message = {**message, "body": _ours(message["body"])}
                await send(_with_length(begun.pop(), len(message["body"])))
            await send(message)

        await self.app(_plain(scope), receive, said)


def _ours(page: bytes) -> bytes:
    for theirs, ours in _SAID:
        page = page.replace(theirs, ours, 1)
    return page


def _with_length(start: Message, length: int) -> Message:
    headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    return {**start, "headers": [*headers, (b"content-length", str(length).encode())]}


def _plain(scope: Scope) -> Scope:
    """Without what would have the page sent packed, or in parts."""
    return {**scope, "headers": [x for x in scope["headers"] if x[0] not in (b"accept-encoding", b"range")]}


MIDDLEWARE = (Middleware(OurPage),)
