"""The CSV of actual months, in and out: a line a month and channel, and one of the shop; any subset of the columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from model.errors import InvalidInput, UnreadableFile, Violation, shown
from model.io.csv_door import Form, lines
from model.io.spreadsheet import month_of, without_marks, written_key
from model.io.tables import csv_text, plain_text
from model.plan import drivers as d
from model.plan.lists import LAST_YEAR
from model.plan.numbers import EITHER, NotANumber, decimal_comma_of, mark_of, read_number
from model.plan.scenario import Scenario
from model.plan.schema import is_month
from model.review.actuals import (
    COLUMNS,
    PROVISIONAL,
    SHOP,
    SHOP_WORDS,
    STATUSES,
    UNITS,
    Actuals,
    Place,
    columns_of,
    place_of,
    problems,
    written_channel,
)

_HEADINGS = {word: words.split()[0] for words in (
    "month 月份 月 统计月份 年月", "channel 渠道 渠道名称 投放渠道", "spend 花费 消耗 投放花费 投放金额 cost",
    "impressions 曝光 曝光量 展现 展现量 曝光次数", "clicks 点击 点击量 点击次数 访客 访客数",
    "orders 订单 订单数 支付订单数 成交订单数", "new_customers 新客 新客数 新客户", "gmv 成交额 成交金额 支付金额 销售额",
    "refunds 退款 退款额 退款金额", "net_revenue 净收入 净销售收入 营业收入", "cost_of_goods 商品成本 货品成本 销售成本",
    "take 平台扣点 平台佣金 平台费用", "fulfilment 履约 履约成本 履约费用", "contribution 贡献毛利 边际贡献",
    "marketing 营销费用 市场费用", "inventory 库存成本 存货成本", "overhead 固定费用 管理费用", "taxes 税费 税金",
    "net_profit 净利润 净利", "pool 私域会员 私域会员数 会员数 私域池", "active_members 活跃会员", "cash 现金 现金余额",
    "status 状态") for word in words.split()} | {key.replace("_", " "): key for key in COLUMNS}
_FORM = Form(COLUMNS, ("month", "channel"), _HEADINGS)
_STATUS_WORDS = {word: words.split()[0] for words in (
    "open 未开始 未填", "provisional 暂估 未结 预估", "closed 已结 已结账 已关账") for word in words.split()}
_NOTHING = ("-", "--", "—", "——", "–", "/", "n/a", "na", "无", "不适用", "none", "null")
Lines = list[tuple[int, dict[str, str]]]
#: (line number, cells) by month and channel
Rows = dict[tuple[str, str], tuple[int, dict[str, str]]]


def read_actuals(data: bytes, scenario: Scenario) -> Actuals:
    """Actual months from a CSV (UTF-8, UTF-16 or GB18030; comma, semicolon or tab), held against the plan's months and channels.

    A channel may be named by its key or by either of its names, the whole shop by "shop"; an empty cell says nothing. A month of
    which no line says a status has the one that it has in the scenario.
    Raises UnreadableFile or InvalidInput with every violation, each with its line.
    """
    said, frame = list(lines(data, _FORM)), Actuals.none(scenario)
    bad = [Violation("unknown_field", f"heading: {shown(c)}", "", ", ".join(COLUMNS))
           for c in (said[0][1] if said else ()) if c and c not in COLUMNS]
    rows = _rows(said, scenario, bad)
    cells = _cells(rows, dict(frame.kinds), bad)
    of_line = {place_of((*key, "")).strip(): number for key, (number, _) in rows.items()}
    for v in problems(frame, cells):
        bad.append(Violation(v.code, f"line {of_line[v.place.rpartition(' ')[0]]}: {v.place}", v.got, v.allowed))
    statuses = [(month, status) for (month, _), (number, row) in rows.items() if (status := _status(row, number, bad))]
    silent = {month for month, _ in rows} - {month for month, _ in statuses}
    provisional = [month for month, status in statuses if status == PROVISIONAL] + [
        month for month in scenario.book.provisional if month in silent]
    if bad:
        raise InvalidInput(sorted(bad, key=_line))
    if not cells:
        raise UnreadableFile([Violation("empty_file", "file")])
    return Actuals(frame.months, frame.kinds, tuple(cells.items()), frozenset(provisional))


def _line(violation: Violation) -> int:
    """The line that a violation names; 0 where it is the heading."""
    digits = violation.place.removeprefix("line ").partition(":")[0]
    return int(digits) if digits.isdigit() else 0


def _rows(said: Lines, scenario: Scenario, bad: list[Violation]) -> Rows:
    """(line number, cells) by month and channel; lines that name no month, or what another line names, are told."""
    names = _names(scenario)
    rows: Rows = {}
    for number, row in said:
        word = without_marks(plain_text(row["channel"]))
        month, channel = month_of(plain_text(row["month"])), names.get(word.lower(), word)
        if not is_month(month):
            bad.append(Violation("not_a_month", f"line {number}: month", shown(row["month"])))
        elif (month, channel) in rows:
            where = f"line {number}: {month} {shown(written_channel(channel))}"
            bad.append(Violation("duplicate_row", where, f"line {rows[month, channel][0]}"))
        else:
            rows[month, shown(channel)] = (number, row)
    return rows


def _names(scenario: Scenario) -> dict[str, str]:
    """What a channel may be called: its key, its names; a name that two of them have is none."""
    rows = scenario.rows[d.CHANNEL]
    words = [(str(word).lower(), key) for key, row in rows.items() for word in {row.get("name_zh"), row.get("name_en")} if word]
    count = Counter(word for word, _ in words)
    named = {word: key for word, key in words if count[word] == 1}
    return dict.fromkeys(SHOP_WORDS, SHOP) | named | {key.lower(): key for key in rows}


def _cells(rows: Rows, kinds: Mapping[str, str], bad: list[Violation]) -> dict[Place, float]:
    """Figures by cell; what is no number, or could be one of two, is told."""
    texts = {(month, channel, column): text for (month, channel), (_, row) in rows.items() for column in UNITS
             if (text := plain_text(row.get(column, ""))) and text.lower() not in _NOTHING}
    comma, cells = decimal_comma_of(texts.values()), dict[Place, float]()
    for place, text in texts.items():
        where = f"line {rows[place[:2]][0]}: {place_of(place)}"
        if comma is None and mark_of(text) == EITHER:
            bad.append(Violation("mixed_marks", where, shown(text)))
            continue
        try:
            value = float(read_number(text, UNITS[place[2]], bool(comma)))
        except NotANumber:
            bad.append(Violation("not_a_number", where, shown(text)))
            continue
        # nothing spent on organic visits is no figure
        if value or place[2] in columns_of(kinds.get(place[1], SHOP)):
            cells[place] = value
    return cells


def _status(row: Mapping[str, str], number: int, bad: list[Violation]) -> str:
    text = without_marks(row.get("status", "")).lower()
    status = _STATUS_WORDS.get(text, text)
    if status not in ("", *STATUSES):
        bad.append(Violation("not_a_choice", f"line {number}: status", shown(text), ", ".join(STATUSES)))
    return status


@dataclass(frozen=True, slots=True)
class Words:
    """What a written file calls columns, channels and statuses, by key; what is not named is called by its key."""

    heads: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)


def readable(words: Words, scenario: Scenario) -> Words:
    """Those words that `read_actuals` takes for what they are to say."""
    names = _names(scenario)
    heads, statuses = ({key: word for key, word in said.items() if known.get(without_marks(word).lower()) == key}
                       for said, known in ((words.heads, _HEADINGS), (words.statuses, _STATUS_WORDS)))
    channels = {key: word for key, word in words.channels.items() if names.get(without_marks(word).lower()) == key}
    return Words(heads, channels, statuses)


def write_actuals(actuals: Actuals, words: Words | None = None) -> str:
    """What was measured, as `read_actuals` reads it; of a plan without any, the template: a row a month and channel."""
    months, words = actuals.measured or actuals.months, words or Words()
    rows = [_written(actuals, month, channel, words) for month in months for channel in (*actuals.channels, SHOP)]
    return csv_text([[words.heads.get(c, c) for c in COLUMNS], *rows])


def _written(actuals: Actuals, month: str, channel: str, words: Words) -> list[object]:
    status = actuals.status(month) if channel == SHOP and actuals.measured else ""
    name = words.channels.get(channel) or written_channel(channel, actuals.channels)
    figures = (actuals.said.get((month, channel, c)) for c in UNITS)
    return [written_key(LAST_YEAR, month), name, *figures, words.statuses.get(status, status) or None]
