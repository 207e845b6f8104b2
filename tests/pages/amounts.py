"""What pages say in numbers, read whatever the language and unit, and the plans that they are read of."""

from __future__ import annotations

import re

from samples import changed, sample

EDITED = {"headline.cvr": 1.05, "channel.platform.share": 0.3, "channel.content.share": 0.32, "event.traffic_cost.probability": 0.6}
PLANS = {"sample": sample(), "edited": sample().with_values(EDITED), "24 months": changed(months=24, headline__cvr=1.05),
         "6 months": changed(months=6)}


def bare(text: str) -> str:
    """Without what only one of two places has: joiners, the verdict's sign, the year that a cut target is a part of."""
    text = re.sub(r"\\([0-9a-f]+) ", lambda m: chr(int(m[1], 16)), text).replace("\u2060", "").replace("\xa0", " ")
    return re.sub(r"[✓✗] | \(of [^)]* a year\)", "", text).strip(" ·")


_STEPS = {"": 1, "万": 1e4, "亿": 1e8, "K": 1e3, "M": 1e6, "B": 1e9}
_AMOUNT = re.compile(r"([−-]?)¥?(\d[\d,]*\.?\d*) ?([万亿KMB]?)元? ?(%|pp|个百分点)?")


def figures(text: str) -> str:
    """The numbers of a text to the four digits that pages show, whatever they are counted in: a range has one unit for
    both of its ends, a column one for each cell."""
    text = re.sub(r"([\d.,]+) ± ([\d.,]+) ([万亿])元", r"\1\3 ± \2\3", bare(text))  # of both, as ¥211.7K ± 5.7K is
    found = ((sign + number.replace(",", ""), step, unit.replace("个百分点", "pp")) for sign, number, step, unit in
             _AMOUNT.findall(text))
    return " ".join(f"{float(number.replace('−', '-')) * _STEPS[step]:.4g}{unit}" for number, step, unit in found)
