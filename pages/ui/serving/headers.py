"""What every answer says to the browser of what the page may do: nothing from elsewhere, in no frame of others.

The policy is OWASP's (Secure Headers Project) as far as Streamlit's page allows: its styles are written into the page, and
components come as blobs. Behind TLS the proxy adds Strict-Transport-Security (`deploy/nginx.conf`).
"""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.ui.kit.streamlit_internals import claims_of, page_of_streamlit
from pages.ui.serving import counters
from pages.ui.session import visit

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
#: doors of Streamlit's own that nobody here uses: its counters, which it hands to anybody who asks, and its way in for programs
_CLOSED = ("/_stcore/metrics", "/_stcore/agent")
#: where Streamlit takes files into memory, from whoever has a socket, before any page asks who that is
_UPLOADS = "/_stcore/upload_file"


def policy() -> str:
    """Content-Security-Policy: scripts that stand in Streamlit's page itself are allowed by what they say."""
    scripts = " ".join(f"'sha256-{_digest(text)}'" for text in _INLINE.findall(page_of_streamlit()))
    return "; ".join((
        "default-src 'self'", f"script-src 'self' blob: {scripts}", "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:", "font-src 'self' data:", "connect-src 'self'", "worker-src 'self' blob:",
        "frame-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'self'", "form-action 'self'"))


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def said() -> list[tuple[bytes, bytes]]:
    """Names and values, as a server sends them."""
    named = {"content-security-policy": policy(), "x-content-type-options": "nosniff", "x-frame-options": "DENY",
             "referrer-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
             "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()"}
    return [(name.encode(), value.encode()) for name, value in named.items()]


async def _refused(scope: Scope) -> int:
    """The status with which a request ends here, 0 where it goes through. A file is taken as long as its visit goes on."""
    if scope["path"].startswith(_CLOSED):
        return 404
    if not scope["path"].startswith(_UPLOADS):
        return 0
    return 0 if await run_in_threadpool(visit.admits, claims_of(HTTPConnection(scope).cookies)) else 403


class Headers:
    """Adds them to every answer, and answers by itself what is refused."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.said = app, said()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_them(message: Message) -> None:
            if message["type"] == "http.response.start":
                counters.answered(message["status"])
                ours = {name for name, _ in self.said}
                theirs = [(name, value) for name, value in message["headers"] if name.lower() not in ours]
                message = {**message, "headers": [*theirs, *self.said]}
            await send(message)

        if status := await _refused(scope):
            await with_them({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
            await with_them({"type": "http.response.body", "body": b""})
            return
        await self.app(scope, receive, with_them)
