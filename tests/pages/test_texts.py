"""Words: both languages complete, every text that code asks for is there, every row of the model has its words."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest
from every import every

from model import DRIVERS, KPIS, LINES, checks, evaluate
from model.errors import ADVICE
from model.plan.drivers import ALL_KINDS, PHASING_MODES
from model.plan.lists import BANDS, DEPTHS, GROUPS
from model.plan.schema import TABLES
from pages.ui.kit import texts
from pages.ui.session.state import PRESETS
from samples import ROOT, sample

LANGUAGES = tuple(texts.LANGUAGES)
#: the texts, of those with forms the last
CATALOGUE = {language: {k: v if isinstance(v, str) else v[-1] for k, v in texts.catalogue(language).items()} for language in LANGUAGES}
ALL_KEYS = sorted(set().union(*CATALOGUE.values()))
CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
each_language = pytest.mark.parametrize("language", LANGUAGES)


def forms(language: str, key: str) -> list[str]:
    """All forms of a text: one, or one for each kind of count."""
    text = texts.catalogue(language)[key]
    return [text] if isinstance(text, str) else text


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


# --- one catalogue against the other -----------------------------------------------------------------------------------

def test_there_is_a_folder_for_each_language_and_no_other():
    assert {p.name for p in texts.FOLDER.iterdir() if p.is_dir()} == set(LANGUAGES)
    assert texts.DEFAULT in LANGUAGES


def test_both_languages_have_the_same_files_and_keys():
    files = [sorted(p.name for p in (texts.FOLDER / language).iterdir()) for language in LANGUAGES]
    assert files[0] == files[1]
    assert {k: [lang for lang in LANGUAGES if k in CATALOGUE[lang]] for k in ALL_KEYS
            if any(k not in CATALOGUE[lang] for lang in LANGUAGES)} == {}


def test_no_key_stands_in_two_files():
    """Files are laid over each other: the later one would win without a word."""
    for language in LANGUAGES:
        found: dict[str, str] = {}
        for path in sorted((texts.FOLDER / language).glob("*.toml")):
            one: dict[str, str] = {}
            texts._flatten(texts.tomllib.loads(path.read_text(encoding="utf-8")), "", one)
            assert set(one) & set(found) == set()
            found |= one


@every(key=ALL_KEYS)
def test_placeholders_are_the_same(key):
    """In all languages and forms; a text with forms is chosen by {count}, whether it says the number or not."""
    found = [placeholders(text) for language in LANGUAGES for text in forms(language, key)]
    assert all(names == found[0] for names in found) and "" not in found[0]


@each_language
def test_a_text_has_as_many_forms_as_its_language_tells_apart(language):
    told = {texts.LANGUAGES[language].of_count(range(9), n) for n in range(200)}
    listed = [key for key, text in texts.catalogue(language).items() if not isinstance(text, str)]
    assert [key for key in listed if set(range(len(forms(language, key)))) != told] == []


@each_language
def test_texts_are_texts_and_not_empty(language):
    empty = [k for k, v in CATALOGUE[language].items() if not isinstance(v, str) or v != v.strip() or not v and not k.startswith("unit.")]
    assert empty == []


# --- the right language ------------------------------------------------------------------------------------------------

def test_no_chinese_in_the_english_texts():
    assert {k: v for k, v in CATALOGUE["en"].items() if CJK.search(v)} == {}


def test_no_untranslated_english_in_the_chinese_texts():
    """Without a Chinese character only short names remain: GMV, ROAS, −10%."""
    plain = {k: v for k, v in CATALOGUE["zh"].items() if not CJK.search(v)}
    assert {k: v for k, v in plain.items() if re.search(r"[a-z]{3,}", re.sub(r"{\w+}", "", v))} == {}
    same = {k: v for k, v in CATALOGUE["zh"].items()
            if v == CATALOGUE["en"][k] and re.search(r"[a-z]{3,}", re.sub(r"{\w+}", "", v))}
    assert same == {}


@pytest.mark.parametrize("part", ["help", "advice", "what", "intro"])
def test_sentences_are_in_chinese(part):
    keys = [k for k in CATALOGUE["zh"] if k.split(".")[-1] == part or k.endswith(f"_{part}") if not k.startswith("problem.")]
    assert keys and [k for k in keys if len(CJK.findall(CATALOGUE["zh"][k])) < 4] == []


def test_chinese_sentences_use_chinese_marks():
    assert {k: v for k, v in CATALOGUE["zh"].items() if re.search(r"[\u4e00-\u9fff][,;?!]|[\u4e00-\u9fff]\.(\s|$)", v)} == {}


#: placeholders that hold a count; of them these texts are never said of one
COUNTS = {"count", "total", "heads", "months", "since", "rows", "channels", "values", "hits", "missed", "shown", "number"}
NEVER_ONE = {
    "channels.all_curves": "drawn where there are more than a screen holds", "customers.payback_some": "the same",
    "optimize.best_of": "the optimizer has a fixed number of starts", "problem.lines": "from a first line to a later one",
    "period.all_months": "of a plan of several years", "lever.all_months": "the same", "reach.no_whole": "of a plan of several years",
    "streamlit.select_matches": "Streamlit's own words, said of many",
    "print.figures": "every plan has hundreds of assumptions", "shelf.restored": "a version's number",
}
#: "1 months", "1** figures", "1 monthly targets", "1 problem(s)", and no verb
OF_ONE = re.compile(r"(?<![\w.,])1\**(?: | [a-z-]+ )(?!(?:is|has|was|does|makes|carries|vs)\b)[a-z]+s\b|(?<![\w.,])1 [a-z ]+\(s\)")


def test_english_says_one_in_the_singular():
    """A text that says a count with a noun has its forms, or is never said of one."""
    wrong = {}
    for key in set(ALL_KEYS) - set(NEVER_ONE):
        for name in COUNTS & placeholders(CATALOGUE["en"][key]):
            (one, *_), hold = forms("en", key), {n: f"<{n}>" for n in placeholders(CATALOGUE["en"][key])}
            if OF_ONE.search(one.format(**{**hold, name: 1})):
                wrong[key, name] = one
    assert wrong == {}
    assert set(NEVER_ONE) <= set(ALL_KEYS)


@pytest.mark.parametrize(("count", "said"), [(0, "0 heads"), (1, "1 head"), ("1", "1 head"), (2, "2 heads"), ("1.5", "1.5 heads"), (21, "21 heads")])
def test_a_count_chooses_the_form(count, said):
    with texts.speaking("en"):
        assert texts.t("plan.heads", count=count) == said


# --- what code asks for --------------------------------------------------------------------------------------------------

def asked() -> list[tuple[str, str]]:
    """(file:line, pattern) of every t(…) and has(…) whose key is a literal or an f-string."""
    out = []
    for path in [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("t", "has") and node.args:
                out += [(f"{path.relative_to(ROOT)}:{node.lineno}", p) for p in patterns(node.args[0])]
    return out


def patterns(node: ast.expr) -> list[str]:
    """Regular expressions of the keys that an expression can give; none where it is a bare name."""
    if isinstance(node, ast.Constant):
        return [re.escape(node.value)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(re.escape(v.value) if isinstance(v, ast.Constant) else ".+" for v in node.values)]
    if isinstance(node, ast.IfExp):
        return patterns(node.body) + patterns(node.orelse)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [a + b for a in patterns(node.left) or [".+"] for b in patterns(node.right) or [".+"]]
    return []


ASKED = asked()


def test_the_code_was_read():
    assert len(ASKED) > 120 and "bar\\.undo" in {p for _, p in ASKED}


@each_language
def test_every_text_that_code_asks_for_exists(language):
    missing = [(where, p) for where, p in ASKED if not any(re.fullmatch(p, k) for k in CATALOGUE[language])]
    assert missing == []


def test_placeholders_that_code_fills_are_those_of_the_text():
    wrong = []
    for path in sorted((ROOT / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t"
                    and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            given = {k.arg for k in node.keywords}
            if None not in given and given != placeholders(CATALOGUE["en"][node.args[0].value]):
                wrong.append((path.name, node.lineno, node.args[0].value, given))
    assert wrong == []


@pytest.mark.parametrize("prefix", ["problem.link", "problem.file", "problem.csv", "problem.cell", "problem.form"])
def test_titles_of_reports_exist(prefix):
    assert all(prefix in CATALOGUE[language] for language in LANGUAGES)


# --- what the model has ------------------------------------------------------------------------------------------------

UNITS = {driver.unit.key for driver in DRIVERS} | {x.unit.key for x in (*LINES.values(), *KPIS.values())}
NEEDED = {
    "driver": [f"driver.{d.per}.{d.key}.{part}" for d in DRIVERS if not d.key.startswith("phasing_") or d.key == "phasing_mode"
               for part in ("label", "help")],
    "line": [f"{line.text_key}.{part}" for line in LINES.values() for part in ("label", "help")],
    "kpi": [f"{row.text_key}.{part}" for row in KPIS.values() for part in ("label", "help")],
    "check": [f"check.{row.key}.{part}" for row in checks(evaluate(sample())) for part in ("label", "advice")],
    "violation": [f"violation.{code}.{part}" for code in ADVICE for part in ("what", "advice")],
    "unit": [f"unit.{key}.label" for key in UNITS],
    "choice": [f"choice.{field}.{option}" for field, options in (
        ("kind", ALL_KINDS), ("group", GROUPS), ("depth", DEPTHS), ("band", BANDS), ("phasing_mode", PHASING_MODES))
        for option in options],
    "table": [f"table.{table}.label" for table in TABLES],
    "group": [f"group.{group}.label" for group in {d.group for d in DRIVERS}],
    "section": [f"method.section_{line.section}" for line in LINES.values()],
    "preset": [f"preset.{preset}{part}" for preset in PRESETS for part in ("", "_help")],
    "index": [f"index.{key}.label" for key in ("season", "promo", "price", "basket", "refund_lift", "traffic_price", "pulse",
                                               "weight")],
}


@every(language=LANGUAGES, what=NEEDED)
def test_every_row_of_the_model_has_its_words(language, what):
    have = set(CATALOGUE[language]) | {k.removesuffix(".label") for k in CATALOGUE[language]}
    assert [k for k in NEEDED[what] if k not in have] == []


@each_language
def test_drivers_of_months_have_words_or_fall_back_to_their_key(language):
    for month in range(1, 13):
        key = f"driver.channel.phasing_{month:02d}"
        assert (f"{key}.label" in CATALOGUE[language]) == (f"{key}.help" in CATALOGUE[language])


@each_language
@pytest.mark.parametrize("kind", ["driver.headline", "kpi", "line"])
def test_no_two_rows_have_the_same_name(language, kind):
    labels = [v for k, v in CATALOGUE[language].items() if k.startswith(kind + ".") and k.endswith(".label")]
    assert sorted({x for x in labels if labels.count(x) > 1}) == []


@each_language
def test_violations_say_where(language):
    say = {code: placeholders(CATALOGUE[language][f"violation.{code}.what"]) for code in ADVICE}
    assert {c: p for c, p in say.items() if not p <= {"place", "got", "allowed"}} == {}


def test_every_code_that_the_model_can_report_is_listed():
    codes = set()
    for path in sorted((ROOT / "model").rglob("*.py")) + [ROOT / "pages/ui/own/plan_upload.py", ROOT / "pages/ui/session/drafts.py"]:
        codes |= set(re.findall(r'Violation\(\s*"([a-z_0-9]+)"', Path(path).read_text(encoding="utf-8")))
    assert len(codes) > 25 and codes <= set(ADVICE)


@pytest.mark.parametrize("text", ["*a* _b_ `c`", "[x](http://e)", ":red[x] $x$ ~y~", "<script>", "# h", "1. x", "- x", "| a |", "\\"])
def test_plain_marks_every_sign_that_acts(text):
    marked = texts.plain(text)
    assert re.sub(r"\\(.)", r"\1", marked).replace("\u200b", "") == text
    assert not re.search(r"(?<!\\)[`*_{}\[\]()#+!|<>~$:]", re.sub(r"\\.", "", marked))


# --- a Chinese text filled in ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "values", "said"), [
    ("{kpi}从 {a} 到 {b}", {"kpi": "GMV", "a": "272.7 万元", "b": "300 万元"}, "GMV 从 272.7 万元到 300 万元"),
    ("{kpi}从 {a} 到 {b}", {"kpi": "净利率", "a": "4.5%", "b": "4.8%"}, "净利率从 4.5% 到 4.8%"),
    ("净利润{change}，《{name}》", {"change": "+3 万元", "name": "双 11 版A版"}, "净利润 +3 万元，《双 11 版A版》"),
    ("{first} {second}", {"first": "内容种草", "second": "达人直播"}, "内容种草 达人直播"),
])
def test_chinese_words_keep_a_gap_from_numbers_and_none_from_each_other(monkeypatch, text, values, said):
    monkeypatch.setattr(texts, "language", lambda: "zh")
    monkeypatch.setattr(texts, "catalogue", lambda language: {"any": text})
    assert texts.t("any", **values) == said
