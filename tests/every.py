"""Thousands of small cases as one test: a test of its own each costs more than what it tries."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import signature
from itertools import product
from typing import TypeVar

import pytest

T, S = TypeVar("T"), TypeVar("S")
#: everything is tried, as `make soak` does; without it long sweeps try a part, the same one each time
DEEP = os.environ.get("SANDTABLE_DEEP") == "1"


def some(cases: Iterable[T], keep: int, first: int = 0) -> list[T]:
    """Every `keep`-th of many cases that are alike, from `first` on; all of them in `make soak`."""
    return list(cases) if DEEP else list(cases)[first % keep::keep]


def part(cases: Iterable[T], keep: int, first: int = 0) -> list:
    """Many cases that are tests of their own: `make test` has every `keep`-th, from `first` on, `make soak` all of them."""
    return [case if i % keep == first % keep else pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.deep)
            for i, case in enumerate(cases)]


def turns(cases: Iterable[T], others: Sequence[S]) -> list[tuple[T, S]]:
    """Every case with one of `others`, which take turns; with each of them in `make soak`."""
    return [(case, other) for i, case in enumerate(cases) for j, other in enumerate(others) if DEEP or i % len(others) == j]


def as_many(few: int, deep: int) -> int:
    """How many random cases are tried: few, and `deep` in `make soak`."""
    return deep if DEEP else few


def every(**axes: Iterable[object]) -> Callable[[Callable], Callable]:
    """Tries a test at every combination of its arguments and tells all that fail, each by its arguments."""
    return _tries(lambda: [(", ".join(map(str, values)), dict(zip(axes, values, strict=True))) for values in product(*axes.values())],
                  set(axes))


def each(names: str, cases: Iterable[object], ids: Iterable[str] | Callable | None = None) -> Callable[[Callable], Callable]:
    """`pytest.mark.parametrize` as one test: its fixtures are made once, and what one case leaves the next one finds."""
    arguments = [name.strip() for name in names.split(",")]

    def rows() -> list[tuple[str, dict]]:
        values = [case if len(arguments) > 1 else (case,) for case in cases]
        write = ids if callable(ids) else lambda value: repr(value)[:60]
        said = [", ".join(str(write(v)) for v in row) for row in values] if ids is None or callable(ids) else ids
        return [(name, dict(zip(arguments, row, strict=True))) for name, row in zip(said, values, strict=True)]
    return _tries(rows, set(arguments))


def _tries(cases: Callable[[], list[tuple[str, dict]]], own: set[str]) -> Callable[[Callable], Callable]:
    def wrap(test: Callable) -> Callable:
        @wraps(test)
        def tried(**fixtures: object) -> None:
            found, wrong = cases(), []
            for name, values in found:
                try:
                    test(**fixtures, **values)
                except (Exception, pytest.fail.Exception) as error:
                    wrong.append(f"{name}: {type(error).__name__}: {error}")
            assert found, "nothing to try"
            assert not wrong, "\n".join([f"{len(wrong)} of {len(found)} fail", *wrong[:20]])
        asked = signature(test)
        # pytest asks the signature which fixtures are wanted, and would ask the wrapped test for it
        tried.__signature__ = asked.replace(parameters=[p for p in asked.parameters.values() if p.name not in own])
        del tried.__wrapped__
        return tried
    return wrap
