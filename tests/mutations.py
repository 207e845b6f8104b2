"""Broken files for tests and the soak: an assumptions CSV, a JSON file or a link with something nasty in it, from a seed.

`hold` is what must be true of whatever a door accepts: every page's figures can be computed.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import math
import random
import zlib
from functools import cache

import numpy as np

import plans
from model import Plan, Scenario, checks, evaluate, risk, targets, to_json, to_link, what_decides, write_plan
from model.plan.schema import SINGLE, TABLES, find, join
from samples import sample, sample_plan

#: what JSON can say at an address, meant or not
VALUES = (None, "", "-", "x", "6个月", "0.5元", "2027-01", "12-31", "all", "organic", "paid", "cvr", "year", math.nan, math.inf,
          -math.inf, 1e308, -1e308, 1e-308, 5e-324, 1e12, 1e-9, -0.0, 0, 0.0, 1, -1, 0.5, 36, True, False, 10**400, 10**18, [],
          {}, [1.0], "\ud800", "a\x00b", "=1+1", "é", "👨\u200d👩\u200d👧", "a\xa0b", "x" * 300)
#: and a cell of a CSV
CELLS = ("", "-", "—", "x", "12%", "3.30%", "1.2万", "1,32E+07", "１２", "(75,500)", "1/3", "Jan-03", "2027/1/1", "1月3日", "nan", "inf",
         "1e308", "1e-308", "-0", "0", "1", "-1", "36", "TRUE", "9" * 50, "=1+1", "'", '"', '""', "\t", ";", ",,,", "all", "paid",
         "organic", "2027-01", "12-31", "\x00", "\u200b", "\xa0", "\ufeff", "x" * 300)


@cache
def bases() -> tuple[Scenario, ...]:
    return (sample(), plans.scenario(plans.rich(), {"months": 24}), plans.scenario(plans.tiered()))


@cache
def addresses(base: Scenario) -> tuple[str, ...]:
    """Every address that the rows of a plan have, said or not."""
    return tuple(join(table, row, field) for table, fields in TABLES.items()
                 for row in (base.rows[table] if table not in SINGLE else ("",)) for field in fields)


def csv_of(chance: random.Random) -> bytes:
    """An assumptions table in which up to four cells, lines or bytes are no longer what they were."""
    rows = list(csv.reader(io.StringIO(_table(chance.choice(bases())))))
    for _ in range(chance.randint(1, 3)):
        row = chance.choice([row for row in rows if len(row) > 5])
        where = chance.choice((3, 3, 3, 3, 1, 2, 0, 5))
        kind = chance.randrange(14)
        address = join(*row[:3])
        if kind < 6:
            row[3] = str(_value(address, chance))
        elif kind < 10:
            row[where] = chance.choice(CELLS)
        elif kind == 10:
            rows.remove(row)
        elif kind == 11:
            row[3] = chance.choice([row for row in rows if len(row) > 3])[3]
        else:
            rows.insert(chance.randrange(len(rows)), [chance.choice(CELLS) for _ in range(chance.randint(0, 8))])
    out = io.StringIO()
    csv.writer(out, delimiter=chance.choice(",,,;\t")).writerows(rows)
    return _bytes_broken(out.getvalue().encode(chance.choice(("utf-8-sig", "utf-8", "gb18030", "utf-16")), "replace"), chance)


@cache
def _table(base: Scenario) -> str:
    return write_plan(base.base)


def _bytes_broken(data: bytes, chance: random.Random) -> bytes:
    if chance.random() > 0.1:
        return data
    at = chance.randrange(len(data))
    return chance.choice((data[:at], data[:at] + bytes([chance.randrange(256)]) + data[at + 1:], data[:at] + data[at:at + 99] * 2))


def changes_of(base: Scenario, chance: random.Random) -> dict[str, object]:
    """Up to three addresses with something nasty, a whole row, or one that there is not."""
    out: dict[str, object] = {}
    for _ in range(chance.randint(1, 3)):
        address = chance.choice(addresses(base))
        if chance.random() < 0.05:
            address = chance.choice((address.rpartition(".")[0] or "x", address + ".x", address.upper(), "promotion.new.first"))
        out[address] = _value(address, chance)
    return out


def _value(address: str, chance: random.Random) -> object:
    """Two times in three what the checks allow: the bounds, the default, next to nothing, some number or word in between."""
    place = find(address)
    driver = TABLES[place.table].get(place.field) if place else None
    if driver is None or chance.random() < 0.33:
        return chance.choice(VALUES)
    if driver.unit.is_number:
        number = chance.choice((driver.low, driver.high, driver.default, max(driver.low, 1e-12), max(driver.low, 1e-308),
                                chance.uniform(driver.low, driver.high), min(driver.high, max(driver.low, 1) * chance.random())))
        return int(number) if driver.unit.whole and number is not None else number
    return chance.choice(driver.options or {"flag": (True, False), "day": ("01-01", "12-31", "02-28"),
                                            "month": ("2027-01", "2000-01", "2100-12", "2028-06")}.get(driver.unit.kind, ("", "名", "all")))


def json_of(chance: random.Random) -> bytes:
    """A scenario's file with nasty values in its base, its changes or its frame."""
    base = chance.choice(bases())
    document = json.loads(_document(base))
    where = chance.randrange(8)
    if where < 4:
        document["base"]["values"].update(changes_of(base, chance))
    elif where < 7:
        document["changes"] = changes_of(base, chance)
    else:
        holder = chance.choice((document, document["base"]))
        holder[chance.choice(tuple(holder))] = chance.choice(VALUES)
    return _bytes_broken(json.dumps(document, ensure_ascii=chance.random() < 0.5).encode(errors="surrogatepass"), chance)


@cache
def _document(base: Scenario) -> str:
    return to_json(base)


def link_of(chance: random.Random) -> str:
    """A link to the sample with nasty changes, some damaged on the way."""
    payload = [1, "sample", sample_plan().fingerprint, "shared", changes_of(sample(), chance)]
    if chance.random() < 0.1:
        payload[chance.randrange(5)] = chance.choice(VALUES)
    packed = base64.urlsafe_b64encode(zlib.compress(json.dumps(payload).encode(), 9)).decode().rstrip("=")
    at = chance.randrange(len(packed))
    return packed if chance.random() < 0.9 else packed[:at] + chance.choice("Aé_-.%") + packed[at + 1:]


def plan_of(base: Scenario, changes: dict[str, object]) -> Plan:
    return Plan("mutated", tuple((dict(base.base.values) | changes).items()))


def hold(scenario: Scenario) -> None:
    """Raises where a scenario that was accepted cannot be computed: the plan, its draws and what decides."""
    result = evaluate(scenario)
    broken = [key for key, line in result.lines.items() if not np.all(np.isfinite(line))]
    assert not broken, f"not finite: {broken[:5]}"
    failed = [c.key for c in checks(result) if c.status == "FAIL" and c.key != "budget"]
    assert not failed, f"failed checks: {failed}"
    targets(result)
    found = risk.simulate(scenario, 64, by_month=False)
    summaries = [key for key in found.run.summaries if not np.all(np.isfinite(found.run.summaries[key].mean))]
    assert not summaries, f"draws without a mean: {summaries[:5]}"
    what_decides(scenario)
    to_json(scenario).encode()
    to_link(scenario)
