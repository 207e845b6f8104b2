"""Which parts of a page a callback draws: `again` in a run of their own, `along` in the one that has begun.

`st.rerun(keys)` ends the run of the widget's own fragment and begins a second one, and the browser goes through the whole
page twice more: some 20 ms of a move. `along` puts the fragments behind the widget's own in the run at hand instead. The
browser is told of the widget's fragment alone, and of all others takes away nothing that is gone: what is drawn `along`
keeps its shape, with an `st.empty` in the place of an element that is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from pages.ui.kit.streamlit_internals import NotHere, draw_along


def again(fragments: Sequence[str]) -> None:
    """In a callback: draw these fragments; on a page that does not have them the run that follows draws everything."""
    with suppress(NotHere):
        st.rerun(list(fragments))


def along(fragments: Sequence[str]) -> None:
    """The same in the run that has begun, or `again` where it draws the whole page. The server sends at most every 5 ms: what is
    looked at first goes with the first sending.
    """
    with suppress(NotHere):
        if not draw_along(fragments):
            again(fragments)
