"""Files to take away: every one that any page offers, in both languages, as a table that can be calculated with."""

from __future__ import annotations

import csv
import io
import math
import re
import shutil
from functools import cache

import pytest
from every import DEEP, part
from spreadsheet import opened
from taken import every_file

from model import KPIS, LINES, evaluate, kpi
from model.analysis.compare import differences
from model.units import FINE_RATE, NUMBER, PEOPLE, RATE, YUAN, YUAN_EACH, filed
from pages.ui.compare import files as compare_files
from pages.ui.compare.comparison import Side
from pages.ui.frame import month_files
from pages.ui.kit import texts
from pages.ui.kit.csv_tables import OF_ROW, Field, Table, csv_bytes
from samples import ROOT, changed, sample

#: read back by the app: of the model, not of a language
READ_BACK = ("bar_plan", "bar_save", "own_template", "own_now")
#: no text: tests/pages/frame/test_workbook_menu.py and tests/pages/document read them
PACKED = ("bar_workbook", "compare_workbook", "bar_docx", "bar_pptx")
each_language = pytest.mark.parametrize("language", part(texts.LANGUAGES, 2))
CJK = re.compile(r"[\u3400-\u9fff]")
NUMERIC = re.compile(r"-?\d+(\.\d+)?")


@cache
def files(language: str) -> dict[str, tuple[str, bytes]]:
    """A plan whose numbers fall below zero somewhere, with a channel whose name means something to a spreadsheet."""
    return every_file(language, changed(channel__content__name_en="=1+1", channel__content__name_zh="＝1+1", headline__cvr=0.97))


def read(raw: bytes) -> list[list[str]]:
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


def reports(language: str) -> dict[str, list[list[str]]]:
    return {key: read(raw) for key, (name, raw) in files(language).items() if name.endswith(".csv") and key not in READ_BACK}


def kind(cells: list[str]) -> str:
    """What a column's cells are: numbers, words, or both, which no spreadsheet can calculate with."""
    said = {bool(NUMERIC.fullmatch(cell)) for cell in cells if cell}
    return {(): "empty", (True,): "numbers", (False,): "words"}.get(tuple(said), "both")


@each_language
def test_files_of_every_page(language, tmp_path):
    """All of them in one test: making them is what takes the time."""
    offered(language)
    speak(language)
    keys_stand_beside_labels(language)
    can_be_calculated_with(language)
    if shutil.which("soffice") and (DEEP or language == "zh"):
        open_in_a_spreadsheet(language, tmp_path)


def offered(language):
    found = files(language)
    assert len(found) >= 36 and {*READ_BACK, "bar_months", "bar_channel_months", "csv_two_way", "csv_goal", "csv_optimize_why",
                                 "csv_compare_months", "print_file"} <= set(found), sorted(found)
    names = [name for name, _ in found.values()]
    assert len(set(names)) == len(names) - 1, "own_now and bar_plan are one file"


def speak(language):
    """A file is made on a thread without a session: nothing but what was bound when its button was drawn says which language."""
    for key, (name, raw) in files(language).items():
        text = "" if key in PACKED else raw.decode("utf-8-sig", errors="ignore")
        assert bool(CJK.search(name)) == (language == "zh"), name
        assert language == "zh" or key in READ_BACK or not CJK.search(text), f"{key}: {CJK.findall(text)[:9]}"
    for key, (head, *_) in reports(language).items():
        assert not [h for h in head if language == "zh" and re.fullmatch(r"[a-z_ ]+", h)], f"{key}: {head}"


def keys_stand_beside_labels(language):
    ending = texts.catalogue(language)["file.key"].format(label="")
    for name, (head, *_) in reports(language).items():
        for i, title in enumerate(head):
            assert not title.endswith(ending) or i and head[i - 1] == title.removesuffix(ending), f"{name}: {head}"


def can_be_calculated_with(language):
    """No two columns of one name, every column numbers or words, no number that is words, digits of the unit."""
    problems = []
    for key, (head, *rows) in reports(language).items():
        assert rows and {len(row) for row in rows} == {len(head)} and all(head), key
        assert len(set(head)) == len(head), f"{key}: {head}"
        for i, (name, cells) in enumerate(zip(head, zip(*rows, strict=True), strict=True)):
            named = i == 0 or name.startswith(head[0])  # 618 is the name of a promotion
            if kind(cells) == "both" and not named or any(c.startswith("'") and NUMERIC.fullmatch(c[1:]) for c in cells):
                problems.append(f"{key}, {name}: {sorted(set(cells))[:6]}")
            digits = 2 if re.search(r"[(（](元|yuan)[)）]", name) else 4
            if kind(cells) == "numbers" and any(len(c.partition(".")[2]) > digits for c in cells):
                problems.append(f"{key}, {name}: {max(cells, key=len)}")
    assert not problems, problems


def open_in_a_spreadsheet(language, folder):
    """The real LibreOffice: a number arrives as that number, words as words."""
    paths = {key: folder / f"{key}.csv" for key in reports(language)}
    for key, path in paths.items():
        path.write_bytes(files(language)[key][1])
    wrong = []
    for key, got in opened(list(paths.values()), folder).items():
        head, *rows = reports(language)[key]
        assert got[0][:len(head)] == head, key
        for j, cells in enumerate(zip(*rows, strict=True)):
            found = [row[j] if j < len(row) else "" for row in got[1:len(rows) + 1]]
            numbers = kind(cells) == "numbers"
            wrong += [(key, head[j], a, b) for a, b in zip(cells, found, strict=True) if a and (
                b != float(a) if numbers else isinstance(b, float) and not NUMERIC.fullmatch(a))]
    assert not wrong, wrong[:12]


def test_scenarios_side_by_side_as_files():
    """One that starts a month later has no January; numbers and words that differ stand in files of their own."""
    both = [Side(name, plan) for name, plan in (("Base", sample()), ("Unit", changed(headline__cvr=1.1, start="2027-02",
                                                                                   plan_name_zh="=1+1")))]
    results, names = [s.result for s in both], [s.name for s in both]
    found = differences([s.scenario for s in both])
    with texts.speaking("en"):
        kpis, months, numbers, words = (read(csv_bytes(table)) for table in (
            compare_files.kpis(results, names), compare_files.months(results, names),
            compare_files.assumptions(both, found), compare_files.settings(both, found)))
    assert kpis[0] == ["KPI", "KPI key", "Unit", "Base", "Unit (2)", "Unit − Base"] and len(kpis) == len(KPIS) + 1
    margin = [float(kpi(result, "net_margin_rate")[0]) for result in results]
    row = next(row for row in kpis if row[1] == "net_margin_rate")
    assert [float(x) for x in row[3:]] == [filed(x, RATE) for x in (*margin, margin[1] - margin[0])]
    assert next(row for row in months if row[1:3] == ["gmv", "2027-01"])[4:] == [
        str(filed(results[0].lines["gmv"][0, 0], YUAN)), ""]
    assert numbers[1:] == [["Conversion rate", "headline.cvr", "×", "1", "1.1"]]
    assert words[1:] == [["Plan name (Chinese)", "plan_name_zh", sample().get("plan_name_zh"), "'=1+1"],
                         ["First month", "start", "2027-01", "2027-02"]]


def test_months_as_files_add_up():
    """The sums of the channels are those of the plan, to the cent; a balance's total is what stands at its end."""
    result = evaluate(sample())
    with texts.speaking("en"):
        whole, parts = (read(csv_bytes(table(result))) for table in (month_files.months, month_files.channel_months))
    assert [row[1] for row in whole[1:]] == list(LINES) and whole[0][3:] == [*result.months, "Total"]
    for _, key, _, *cells in whole[1:]:
        months = [float(cell) for cell in cells]
        assert months[-1] == pytest.approx(months[-2] if LINES[key].kind == "balance" else sum(months[:-1]), abs=0.07), key
        if LINES[key].channel:
            by_channel = [sum(map(float, column)) for column in zip(*(row[5:] for row in parts if row[1] == key), strict=True)]
            assert by_channel == pytest.approx(months, abs=0.04), key


def test_numbers_of_a_report_have_the_digits_of_their_unit():
    said = [filed(*x) for x in ((0.08391770720481873, RATE), (0.08391770720481873, FINE_RATE), (1234.5678, YUAN), (-0.001, YUAN),
                                (0.2834567, YUAN_EACH), (12.0, PEOPLE), (1 / 3, NUMBER), (math.nan, RATE), (math.inf, YUAN))]
    assert said == [8.3918, 8.3918, 1234.57, 0, 0.28, 12, 0.3333, None, None]


def test_a_table_names_units_once_and_tells_columns_of_one_name_apart():
    table = Table([Field("Name"), Field("Unit"), Field("a", OF_ROW), Field("a", RATE), Field("a", RATE), Field("gain", RATE, True)],
                  [["x", RATE, -0.5, None, 1.0, 0.01], ["-1", YUAN, 2e15, math.nan, 0.25, -0.02]])
    with texts.speaking("en"):
        assert read(csv_bytes(table)) == [["Name", "Unit", "a", "a (%)", "a (%) (2)", "gain (pp)"],
                                          ["x", "%", "-50", "", "100", "1"], ["'-1", "yuan", "2000000000000000", "", "25", "-2"]]


def test_files_are_written_and_their_buttons_made_in_one_place():
    """So that no file can forget its language or what makes a cell safe."""
    for word, at_home in (("st.download_button", {"downloads.py"}), ("csv.writer", {"tables.py"}), (".to_csv(", set())):
        users = {p.name for folder in ("pages", "model") for p in (ROOT / folder).rglob("*.py")
                 if word in p.read_text(encoding="utf-8")}
        assert users == at_home, word
