"""Scenarios as rows: the plan once under its fingerprint, the differences as JSON, the figures of the list as JSON."""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from model.engine.evaluate import evaluate
from model.engine.kpis import kpi
from model.errors import InvalidInput, StoreProblem
from model.plan.book import EMPTY, Book, from_plain, to_plain
from model.plan.scenario import Plan, Scenario
from model.plan.schema import Value

T = TypeVar("T")

#: what of a version is in its digest: everything but the digest
DIGESTED = ("uid", "scenario", "number", "author", "comment", "created", "name", "note", "plan", "changes")
_FIGURES = ("gmv", "net_revenue", "net_profit", "net_margin_rate")


def as_json(value: object) -> str:
    """Exact for numbers; ASCII, so that no character can be one that a database does not take."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def digest_of(version: Mapping) -> str:
    """Of a version as the table keeps it, `created` in microseconds: one bit that changes on the disk shows."""
    return hashlib.sha256(as_json([version[key] for key in DIGESTED]).encode()).hexdigest()


def changes_text(scenario: Scenario) -> str:
    """The differences as the table keeps them: a list, or with the book beside it where there is one."""
    return as_json({"changes": scenario.changes, "book": to_plain(scenario.book)} if scenario.book else scenario.changes)


def changes_of(text: str) -> tuple[tuple[tuple[str, Value], ...], Book]:
    """Differences and book. Raises StoreProblem store_corrupt."""
    try:
        kept = json.loads(text)
        rows, book = (kept["changes"], from_plain(kept["book"])) if isinstance(kept, dict) else (kept, EMPTY)
        return tuple((address, value) for address, value in rows), book
    except (ValueError, TypeError, KeyError, InvalidInput):
        raise StoreProblem("store_corrupt", "changes") from None


def summary_of(scenario: Scenario) -> dict:
    """The figures that the list shows; see `records.Entry`."""
    result = evaluate(scenario)
    months = result.lines["gmv"][:, 0]
    return {**{key: _finite(kpi(result, key)[0]) for key in _FIGURES}, "months": [_finite(m) for m in months],
            "start": result.months[0]}


def _finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


class _Recent(Generic[T]):
    """The last `size` things by key; safe between threads."""

    def __init__(self, size: int):
        self._size, self._lock = size, Lock()
        self._things: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable) -> T | None:
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def put(self, key: Hashable, thing: T) -> None:
        with self._lock:
            self._things[key] = thing
            self._things.move_to_end(key)
            while len(self._things) > self._size:
                self._things.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Packed:
    """A plan ready to be stored. sha: of everything in it, the types of its values too."""

    plan: Plan
    sha: str
    data: bytes


class Plans:
    """Plans packed and unpacked, the recent ones kept: the same plan twice is the same object."""

    def __init__(self, size: int = 64):
        self._by_sha: _Recent[Plan] = _Recent(size)
        self._packed: _Recent[Packed] = _Recent(size)

    def pack(self, plan: Plan) -> Packed:
        # by identity: plans that compare equal may differ in the type of a number (1 and 1.0) or in sources
        packed = self._packed.get(id(plan))
        if packed is None or packed.plan is not plan:
            text = as_json([plan.name, plan.values, plan.sources]).encode()
            packed = Packed(plan, hashlib.sha256(text).hexdigest(), zlib.compress(text, 6))
            self._packed.put(id(plan), packed)
            if self._by_sha.get(packed.sha) is None:
                self._by_sha.put(packed.sha, plan)
        return packed

    def known(self, sha: str) -> Plan | None:
        return self._by_sha.get(sha)

    def unpack(self, sha: str, data: bytes) -> Plan:
        """Raises StoreProblem store_corrupt where the bytes are not those that were stored."""
        try:
            text = zlib.decompress(data)
        except zlib.error:
            raise StoreProblem("store_corrupt", f"plan {sha[:12]}") from None
        if hashlib.sha256(text).hexdigest() != sha:
            raise StoreProblem("store_corrupt", f"plan {sha[:12]}")
        name, values, sources = json.loads(text)
        plan = Plan(name, tuple(map(tuple, values)), tuple(map(tuple, sources)))
        self._by_sha.put(sha, plan)
        return plan
