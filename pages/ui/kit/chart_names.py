"""Pictures for every reader: texts in the theme's ink, and a name for those who hear the page.

A picture's own alternative (`alt`) says what is drawn and stays: Streamlit embeds a picture whose alternative changes anew, and
it would flicker at every move. What the picture says now, with its numbers, is its title. So each picture becomes a figure
whose name is the title before it; the browser follows the title by itself, and a move sends no byte for it.
"""

from __future__ import annotations

from pages.ui.kit import browser_files

_names = browser_files.component("figures", "<span></span>", "kit/chart_names.js", "kit/chart_names.css")


def names() -> None:
    """Once a page that has pictures: keeps every picture's name."""
    _names(key="figures")
