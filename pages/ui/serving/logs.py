"""One JSON object a line, without names of plans or figures: what a program said of itself, never what people typed.

An exception is told by its kind and the places in the code that it passed; its text may hold a name or a figure and is left out.
So are addresses of pages: a link may be a whole plan.
"""

from __future__ import annotations

import json
import logging
import os
import time
import traceback
from types import TracebackType

from pages.ui.kit.streamlit_internals import settle_loggers

#: places of an exception that are told, the last ones
_PLACES = 12
#: our own loggers, whose messages are constants; of all others the text before values are filled in, or where it was said
_OURS = ("sandtable", "pages.", "model.")
#: loggers of which less is of use: each request to the provider, each look at the schema, that pages are loaded before the server
_CHATTY = {"httpx": logging.WARNING, "alembic": logging.WARNING, "streamlit.runtime.caching.cache_data_api": logging.ERROR}


class OneLine(logging.Formatter):
    """A record as JSON: time (UTC), level, logger, message, exception."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {"time": _utc(record.created), "level": record.levelname.lower(), "logger": record.name,
                                   "message": record.msg if record.name.startswith(_OURS) else _constant(record)}
        if record.exc_info and record.exc_info[0]:
            told |= {"exception": record.exc_info[0].__name__, "at": _places(record.exc_info[2])}
        return json.dumps(told, ensure_ascii=False, default=str)


def _utc(seconds: float) -> str:
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{int(seconds % 1 * 1000):03d}Z"


def _constant(record: logging.LogRecord) -> str:
    """What a library's code says whatever the values: its text before they are filled in, if it has any."""
    return record.msg if isinstance(record.msg, str) and record.args else record.funcName or record.module


def _places(passed: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(passed)[-_PLACES:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


def settle() -> None:
    """Where SANDTABLE_LOG=json asks for it: every logger's lines, those of Streamlit and its server included."""
    if os.environ.get("SANDTABLE_LOG", "").lower() != "json":
        return
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine())
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.INFO)
    for name in list(logging.root.manager.loggerDict):
        _by_the_root_alone(logging.getLogger(name))
    settle_loggers(_by_the_root_alone)
    logging.getLogger("uvicorn.access").disabled = True  # it tells whole addresses
    for name, level in _CHATTY.items():
        logging.getLogger(name).setLevel(level)


def _by_the_root_alone(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True
