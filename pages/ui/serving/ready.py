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
    """200 where the library answers and has today's schema, 503 with the reason's code where not; no address, no name."""
    try:
        schema = library.store().ask(migrate.revision_of)
        if schema != migrate.newest():
            return JSONResponse({"ready": False, "reason": "schema", "schema": schema}, status_code=503)
        return JSONResponse({"ready": True, "schema": schema})
    except SandtableError as problem:
        return JSONResponse({"ready": False, "reason": getattr(problem, "code", "failed")}, status_code=503)


ROUTES = (Route("/readyz", ready),)
