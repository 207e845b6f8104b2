"""What stands between the browser and Streamlit: the page that each of our addresses is answered with."""

from __future__ import annotations

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.ui.frame.top_bar import PAGES
from pages.ui.kit.page_look import script

#: by its content: a browser keeps it until another one is served
SCRIPT = f"sandtable.{sha256(script().encode()).hexdigest()[:12]}.js"
#: our script before Streamlit's, which are deferred as well. The title is read before ours is there
_SAID = ((b"<head>", f'<head><script defer src="./{SCRIPT}"></script>'.encode()),
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


def _script(request: Request) -> Response:
    return Response(script(), media_type="text/javascript", headers={"cache-control": "public, max-age=31536000, immutable"})


def _first(request: Request) -> Response:
    """The first page has no name in its address; whoever types it gets there with the rest of it."""
    return RedirectResponse(f"./?{request.url.query}" if request.url.query else "./")


ROUTES = (Route(f"/{SCRIPT}", _script), Route("/simulate", _first))
