"""`/readyz`: whether this process can serve people, for a proxy and for whoever watches it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from model import SandtableError
from model.late import Late
from pages.ui.session import library

migrate = Late("model.io.store.migrate")


def ready(request: Request) -> JSONResponse:
    """200 with the schema's revision where the library answers, 503 with the reason's code where not; no address, no name."""
    try:
        return JSONResponse({"ready": True, "schema": library.store().ask(migrate.revision_of)})
    except SandtableError as problem:
        return JSONResponse({"ready": False, "reason": getattr(problem, "code", "failed")}, status_code=503)


ROUTES = (Route("/readyz", ready),)
