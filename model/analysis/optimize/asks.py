"""What cannot be asked: an error that names the reason and carries the numbers, for a page to put into words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from model.errors import InvalidInput, Violation


class Impossible(InvalidInput):
    """A question without an answer. code: why. data: the numbers, by name (money in yuan, shares 0…1, splits by channel)."""

    def __init__(self, violation: Violation, data: Mapping[str, object]):
        super().__init__((violation,))
        self.code = violation.code
        self.data: Mapping[str, Any] = MappingProxyType(dict(data))


def impossible(code: str, place: str, got: object = "", allowed: object = "", **data: object) -> Impossible:
    """An error to raise; `got` and `allowed` as text for the sentence, everything else as data."""
    return Impossible(Violation(code, place, _text(got), _text(allowed)), data)


def _text(value: object) -> str:
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
