"""Thousands of small cases as one test: a test of its own each costs more than what it tries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product


def every(**axes: Iterable[object]) -> Callable[[Callable], Callable[[], None]]:
    """Tries a test at every combination of its arguments and tells all that fail, each by its arguments."""
    def wrap(test: Callable) -> Callable[[], None]:
        def tried() -> None:
            wrong, count = [], 0
            for values in product(*axes.values()):
                count += 1
                try:
                    test(**dict(zip(axes, values, strict=True)))
                except Exception as error:
                    wrong.append(f"{', '.join(map(str, values))}: {type(error).__name__}: {error}")
            assert count, "nothing to try"
            assert not wrong, "\n".join([f"{len(wrong)} of {count} fail", *wrong[:20]])
        tried.__name__, tried.__doc__, tried.__module__ = test.__name__, test.__doc__, test.__module__
        return tried
    return wrap
