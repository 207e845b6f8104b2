"""What the figures rest on, in words: how sure they are, what is not in them, where they come from."""

from __future__ import annotations

from collections.abc import Sequence

from model import Scenario
from pages.ui.kit.formats import fixed
from pages.ui.kit.texts import t

#: first letters of sources that somebody else vouches for (method.glossary_help says what they mean)
_VOUCHED = ("A", "B", "C")


def notes(scenario: Scenario, draws: int, stated: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Title and text of each. stated: addresses of the assumptions that the figures are computed from."""
    source = scenario.base.source_of
    vouched = sum(source.get(address, "").partition(":")[0] in _VOUCHED for address in stated)
    from_where = t("print.figures", count=fixed(len(stated), 0), vouched=vouched, changed=len(scenario.changes))
    return ((t("print.sure_title"), t("print.sure", draws=fixed(draws, 0))), (t("method.limits"), t("print.limits")),
            (t("method.title"), from_where))
