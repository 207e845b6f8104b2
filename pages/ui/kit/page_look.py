"""What the browser gets once a page: what Streamlit's theme has no setting for, keys and history as people expect them, and
the look of cards and tables."""

from __future__ import annotations

import json

from pages.ui.kit import browser_files
from pages.ui.kit.browser_files import read
from pages.ui.kit.streamlit_internals import cell_editors
from pages.ui.kit.texts import rules


def every_page() -> None:
    """Send inks of enough contrast, one row for the top bar, fields with an undo of their own, a history that Back goes through
    page by page, grids that lose no key typed, and what draws tables; once a run."""
    narrow = f"@media(max-width:{rules().shortcuts_from}px){{{read('kit/narrow.css')}}}"
    told = f"window.sdCellEditors={json.dumps(cell_editors())}"
    scripts = read("kit/fields.js", "kit/history.js", "kit/grids.js", "kit/tables.js")
    browser_files.on_page(f"{read('kit/readable.css')}\n{narrow}", f"{told}\n{scripts}")


def cards_and_tables() -> None:
    """Send the look of cards and tables, once a page that has them; in a component it would travel with every update."""
    browser_files.style("kit/cards.css", "kit/tables.css")
