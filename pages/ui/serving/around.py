"""What stands around Streamlit where it serves: our page, headers, readiness, counters and logs."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.routing import Route

from pages.ui.kit.streamlit_internals import let_a_page_be_drawn
from pages.ui.serving import counters, logs, our_page, ready, warm
from pages.ui.serving.headers import Headers

MIDDLEWARE = (Middleware(Headers), Middleware(our_page.OurPage))
ROUTES: tuple[Route, ...] = (*our_page.ROUTES, *ready.ROUTES)


def settle() -> None:
    """In the process that serves, before the first answer."""
    logs.settle()
    counters.ours()
    let_a_page_be_drawn()
    warm.settle()
