"""The house, read from the syntax trees: who imports whom, what stands in formulas, how long things are."""

from __future__ import annotations

import ast
import re
import statistics
import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from every import every

ROOT = Path(__file__).parent.parent
FILES = [*sorted((ROOT / "model").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py")), *ROOT.glob("app.py")]
TREES = {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
MODEL = {path: tree for path, tree in TREES.items() if path.parts[0] == "model"}
#: imports go to the same room or one further left
ROOMS = ("errors, units, late", "plan", "engine", "analysis", "io", "review", "public names", "pages/ui", "pages, app.py", "command line")
#: rooms of formulas: they know numpy only, and not each other
FORMULAS = {Path(f"model/engine/{name}.py") for name in ("traffic", "ladder", "order_economics", "profit")}
NUMBERS = {0, 1, 2, 12, 30, 100, 1000, -1}
GENERATORS = {"default_rng", "Generator", "SeedSequence", "PCG64", "BitGenerator"}

each_file = every(path=TREES)
each_model_file = every(path=MODEL)


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in TREES}


def imported(path: Path) -> set[str]:
    """Full names of what a file imports, with the names taken from a package where they are modules of ours."""
    out = set()
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            out |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            out |= {full if (full := f"{node.module}.{alias.name}") in MODULES else node.module for alias in node.names}
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Late":  # later, but as much as the others
            out.add(node.args[0].value)
    return out


def room(name: str) -> int:
    parts = name.split(".")
    if parts[0] == "model":
        inner = {"errors": 0, "units": 0, "late": 0, "plan": 1, "engine": 2, "analysis": 3, "io": 4, "review": 5, "cli": 9, "__main__": 9}
        return inner[parts[1]] if len(parts) > 1 and parts[1] in inner else 6
    return 7 if parts[:2] == ["pages", "ui"] else 8


#: rooms of pages/ui that every page stands on, each knows those before it; behind them a folder a page
FLOORS = ("kit", "session", "words", "rows", "frame")
#: pages that show other pages' figures: all equations, all of a plan on one sheet
OVER_ALL = ("method", "print", "document")


def ours(names: set[str]) -> set[str]:
    return {name for name in names if name.split(".")[0] in ("model", "pages", "app")}


def functions(tree: ast.AST):
    return [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]


def length(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1


# --- imports ------------------------------------------------------------------------------------------------------

@each_file
def test_imports_go_one_way(path):
    here = room(module_name(path))
    wrong = {name for name in ours(imported(path)) if room(name) > here}
    assert not wrong, f"{ROOMS[here]} imports {wrong}"


def test_there_is_no_cycle_of_imports():
    graph = {name: {n for n in ours(imported(path)) if n in MODULES and n != name} for name, path in MODULES.items()}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as cycle:
        pytest.fail(" -> ".join(cycle.args[1]))


def below(name: str) -> set[str]:
    """The rooms of pages/ui that a room may ask."""
    if name in FLOORS:
        return set(FLOORS[:FLOORS.index(name) + 1])
    folders = {p.parts[2] for p in TREES if p.parts[:2] == ("pages", "ui")}
    return folders - set(OVER_ALL) | {name} if name in OVER_ALL else {*FLOORS, name}


@every(path=[p for p in TREES if p.parts[:2] == ("pages", "ui")])
def test_rooms_of_the_pages_ask_only_those_below_and_no_other_pages(path):
    assert len(path.parts) == 4, "pages/ui has rooms, no loose modules"
    asked = {m.split(".")[2] for m in ours(imported(path)) if m.startswith("pages.ui.")}
    assert asked <= below(path.parts[2]), f"asks {asked - below(path.parts[2])}"


#: marks that are read, not written: a text's own colon, commas as people type them, what a style sheet takes as it is
TYPED = {Path("pages/ui/kit/problems.py"): {"："}, Path("pages/ui/rows/cell_words.py"): {r"\s*[;；,，、|\n]\s*"}, Path("pages/ui/scenarios/saved_list.py"): {"，"},
         Path("pages/ui/kit/kpi_cards.py"): {" ,.:;%¥±·–−+（）()"}}


@every(path=[p for p in TREES if p.parts[:1] == ("pages",)])
def test_no_page_asks_which_language_it_speaks_or_writes_in_one(path):
    """What a language does differently stands in its folder: one more is one more folder."""
    told = {id(n.value) for n in ast.walk(TREES[path]) if isinstance(n, ast.Expr)}
    said = {n.value for n in ast.walk(TREES[path]) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in told}
    assert not {"zh", "en"} & said or path == Path("pages/ui/kit/texts.py")
    assert {s for s in said if re.search("[\u3000-\u9fff\uff00-\uffef]", s)} <= TYPED.get(path, set())


@every(path=[p for p in TREES if p.parts[:1] == ("pages",) and len(p.parts) == 2])
def test_a_page_asks_its_own_folder_and_the_floors(path):
    asked = {m.split(".")[2] for m in ours(imported(path)) if m.startswith("pages.ui.")}
    assert asked <= below(path.stem), f"asks {asked - below(path.stem)}"


@each_file
def test_no_import_inside_a_function(path):
    inside = [n.lineno for f in functions(TREES[path]) for n in ast.walk(f)
              if isinstance(n, (ast.Import, ast.ImportFrom))]
    assert inside == []


@pytest.mark.parametrize("path", sorted(FORMULAS), ids=str)
def test_formulas_know_numpy_only(path):
    assert imported(path) <= {"numpy", "dataclasses", "__future__"}


@each_model_file
def test_the_model_knows_no_screen_no_clock_and_no_global_chance(path):
    forbidden = {"streamlit", "altair", "time", "datetime", "random", "pages", "app"}
    if path.is_relative_to("model/io/store"):  # what is saved has a time, and locks are waited for
        forbidden -= {"time", "datetime"}
    if path.is_relative_to("model/cli"):  # a door as the pages are: of files in words it asks those who have them
        forbidden -= {"pages"}
    assert {name for name in imported(path) if name.split(".")[0] in forbidden} == set()


@each_file
def test_only_the_store_knows_databases(path):
    databases = {"sqlalchemy", "alembic", "psycopg", "sqlite3"}
    found = {name for name in imported(path) if name.split(".")[0] in databases}
    assert not found or path.is_relative_to("model/io/store") or path.is_relative_to("model/io/migrations")


@each_model_file
def test_the_model_prints_nothing_by_itself(path):
    calls = [n.lineno for n in ast.walk(TREES[path]) if isinstance(n, ast.Call)
             and isinstance(n.func, ast.Name) and n.func.id in ("print", "input", "breakpoint")]
    assert calls == []


@each_file
def test_no_global_random_state(path):
    used = {n.attr for n in ast.walk(TREES[path]) if isinstance(n, ast.Attribute)
            and isinstance(n.value, ast.Attribute) and n.value.attr == "random"
            and isinstance(n.value.value, ast.Name) and n.value.value.id in ("np", "numpy")}
    assert used <= GENERATORS


def test_evaluate_alone_knows_all_rooms_of_formulas():
    knowing = {path for path in MODEL if {module_name(f) for f in FORMULAS} <= imported(path)}
    assert knowing == {Path("model/engine/evaluate.py")}


def test_rooms_of_the_search_know_no_room_above_and_the_app_no_known_curves():
    """optimize: known curves are for users of the library, and only the package itself offers them."""
    optimize, wrong = "model.analysis.optimize", []
    for path in TREES:
        here = module_name(path)
        for name in imported(path):
            if name.startswith(f"{optimize}.known_curves") and here != optimize and not here.startswith(f"{optimize}.known_curves"):
                wrong.append(f"{here} imports {name}")
            if here.startswith(f"{optimize}.search") and name.rpartition(".")[2] in ("split", "frontier", "explain"):
                wrong.append(f"{here} imports {name}")
    assert wrong == []


def test_tests_of_the_model_mirror_it():
    folders = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests/model").rglob("test_*.py")}
    assert {str(folder) for folder in folders if not (ROOT / folder).is_dir()} == set()


# --- formulas -----------------------------------------------------------------------------------------------------

def numbers_in_formulas(tree: ast.AST) -> set[float]:
    """Numbers in the bodies of functions; which axes an array is summed over is no formula."""
    found = set()

    def visit(node):
        if isinstance(node, ast.keyword) and node.arg == "axis":
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
            found.add(node.value)
        for child in ast.iter_child_nodes(node):
            visit(child)

    for function in functions(tree):
        for statement in function.body:
            visit(statement)
    return found


@pytest.mark.parametrize("path", sorted(FORMULAS), ids=str)
def test_no_unnamed_number_stands_in_a_formula(path):
    assert numbers_in_formulas(TREES[path]) <= NUMBERS


# --- sizes --------------------------------------------------------------------------------------------------------

def test_functions_are_short():
    lengths = sorted(length(f) for tree in TREES.values() for f in functions(tree))
    assert statistics.median(lengths) <= 12
    assert statistics.quantiles(lengths, n=10)[-1] <= 40


@each_file
def test_no_class_is_longer_than_150_lines(path):
    assert [c.name for c in ast.walk(TREES[path]) if isinstance(c, ast.ClassDef) and length(c) > 150] == []


@each_file
def test_every_file_says_what_it_is_for(path):
    assert ast.get_docstring(TREES[path])


def test_public_functions_of_engine_and_analysis_say_what_they_give():
    """Shapes, units, errors; a property is said where its class is."""
    silent = []
    for path, tree in MODEL.items():
        if path.parts[1] not in ("engine", "analysis"):
            continue
        scopes = [tree, *(c for c in tree.body if isinstance(c, ast.ClassDef) and not c.name.startswith("_"))]
        silent += [f"{path}: {f.name}" for scope in scopes for f in scope.body if isinstance(f, ast.FunctionDef)
                   and not f.name.startswith("_") and not any("property" in ast.unparse(x) for x in f.decorator_list)
                   and not ast.get_docstring(f)]
    assert silent == []


# --- types ---------------------------------------------------------------------------------------------------------

def test_what_mypy_overlooks_is_counted_and_named():
    """`make lint` runs it; an ignore names what it overlooks, and there are fewer than forty."""
    ignores = [line for path in FILES for line in path.read_text(encoding="utf-8").splitlines() if "type: ignore" in line]
    assert [line for line in ignores if not re.search(r"# type: ignore\[[a-z-]+(, ?[a-z-]+)*\]", line)] == []
    assert len(ignores) < 40


# --- the repository -----------------------------------------------------------------------------------------------

def test_the_lock_files_pin_what_pyproject_lists_and_name_no_host():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = {}
    for name in ("requirements.lock", "requirements-test.lock"):
        lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
        pins[name] = dict(line.split("==") for line in lines if line)  # nothing else: no option, no address
    run, test = pins.values()
    listed = {re.match(r"[\w-]+", x)[0]: run for x in project["dependencies"]}
    listed |= {re.match(r"[\w-]+", x)[0]: test for x in project["optional-dependencies"]["test"]}
    assert [name for name, pinned in listed.items() if name not in pinned] == []
    assert run.items() <= test.items()


def test_no_test_imports_another():
    """What two of them need has a name and a module of its own beside them; a test file may be run, moved or deleted alone."""
    found = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [f"{path.relative_to(ROOT)}: {name}" for name in names if name.split(".")[-1].startswith("test_")]
    assert found == []


def test_tests_stand_in_the_room_of_what_they_test():
    """tests/model and tests/pages have the rooms of model/ and pages/ui; what is of several rooms stands loose beside them."""
    for room, tested in ((ROOT / "tests" / "model", ROOT / "model"), (ROOT / "tests" / "pages", ROOT / "pages" / "ui")):
        rooms = {p.name for p in tested.iterdir() if p.is_dir()}
        assert {p.relative_to(room).parts[0] for p in room.rglob("test_*.py") if p.parent != room} <= rooms
        loose = [p.name for p in room.glob("test_*.py") if p.stem.split("_")[1] in rooms]
        assert loose == [], f"{room.name}: these bear the name of a room and do not stand in it"


def test_no_two_files_of_tests_have_one_name():
    """pytest imports them by their names alone."""
    names = [p.name for p in (ROOT / "tests").rglob("test_*.py")]
    assert sorted({n for n in names if names.count(n) > 1}) == []


def test_the_rooms_of_formulas_exist():
    assert set(FORMULAS) <= set(TREES)


#: widgets of Streamlit that hold a value
WIDGETS = {"slider", "select_slider", "number_input", "text_input", "text_area", "selectbox", "multiselect", "pills",
           "segmented_control", "toggle", "checkbox", "radio", "date_input"}


def test_no_page_writes_a_widgets_value_by_itself():
    """The session's key of a widget is written by `views.show` alone; a key that a function writes and then makes a widget of
    is the old way, which is lost when the page changes."""
    found = []
    for path, tree in TREES.items():
        for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
            made = {ast.unparse(k.value) for c in ast.walk(function) if isinstance(c, ast.Call)
                    and isinstance(c.func, ast.Attribute) and c.func.attr in WIDGETS for k in c.keywords if k.arg == "key"}
            written = {ast.unparse(target.slice) for a in ast.walk(function) if isinstance(a, ast.Assign)
                       for target in a.targets if isinstance(target, ast.Subscript)
                       and ast.unparse(target.value) == "st.session_state"}
            found += [f"{path}: {function.name}: {key}" for key in sorted(made & written)]
        found += [f"{path}: state.seed is gone" for c in ast.walk(tree)
                  if isinstance(c, ast.Attribute) and c.attr == "seed" and ast.unparse(c.value) == "state"]
    assert found == [], "use views.show(st.…, label, key=…, value=…)"


def test_no_page_makes_a_list_to_choose_from_by_itself():
    """The browser knows what was chosen by its word: in another language it would keep the word of the first."""
    found = [f"{path}:{call.lineno}" for path, tree in TREES.items() if path.name != "views.py" for call in ast.walk(tree)
             if isinstance(call, ast.Call) and ast.unparse(call.func) == "st.selectbox"]
    assert found == [], "use views.show(st.selectbox, …), or views.choose where the choice is its own"


@every(page=[*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
def test_every_module_that_the_documents_name_is_there(page):
    """`pages/ui/frame/levers.py`, or its end: `frame/levers.py`, `levers.py`."""
    named = set(re.findall(r"[\w/]*\w\.py\b", page.read_text(encoding="utf-8")))
    files = [f"/{path}" for path in TREES] + [f"/{p.relative_to(ROOT)}" for room in ("tests", "deploy") for p in (ROOT / room).rglob("*.py")]
    assert {name for name in named if not any(f.endswith(f"/{name}") for f in files)} == set()


def test_private_names_of_streamlit_stand_in_one_module():
    """Whatever lies below `streamlit` is Streamlit's own and may move with any release."""
    found = {str(path): sorted(below) for path in TREES if path != Path("pages/ui/kit/streamlit_internals.py")
             if (below := {name for name in imported(path) if name.startswith("streamlit.")})}
    found |= {str(path): ["from streamlit import …"] for path, tree in TREES.items()
              if path.parts[-1] != "streamlit_internals.py" and any(
                  isinstance(n, ast.ImportFrom) and n.module == "streamlit" for n in ast.walk(tree))}
    assert found == {}, "goes into pages/ui/kit/streamlit_internals.py, with a line in its test"


def test_style_sheets_and_scripts_are_files():
    """What a browser is to read stands in a room's `assets`, where an editor knows it; lines made of data are the exception."""
    found = []
    for path, tree in TREES.items():
        texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        found += [f"{path}: {text[:60]!r}" for text in texts if text.strip().count("\n") > 1 and (
            "export default" in text or "addEventListener" in text or "{display:" in text or ";padding:" in text)]
    assert found == []


def test_every_fragment_that_a_callback_asks_for_is_one():
    """One name that no fragment has, and the move draws nothing at all."""
    here = [tree for path, tree in TREES.items() if path.is_relative_to("pages/ui/simulate")
            or path in (Path("pages/simulate.py"), Path("pages/ui/frame/top_bar.py"))]
    calls = [n for tree in here for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    made = {k.value.value for n in calls if n.func.attr == "fragment" for k in n.keywords if isinstance(k.value, ast.Constant)}
    asked = {c.value for n in calls if n.func.attr in ("draw_outputs", "along", "again") for a in n.args for c in
             (ast.walk(a) if isinstance(a, ast.List) else [a]) if isinstance(c, ast.Constant)}
    asked |= {c.value for n in TREES[Path("pages/ui/frame/levers.py")].body if isinstance(n, ast.Assign)
              and ast.unparse(n.targets[0]) == "OUTPUTS" for c in ast.walk(n) if isinstance(c, ast.Constant)}
    assert len(asked) > 6 and asked <= made, asked - made


# --- colours -------------------------------------------------------------------------------------------------------

#: what a picture's text is written in, and the ends of the scales of heat maps, light and dark
WRITTEN = {"#56616E", "#B23A08", "#A9B3BF", "#FF9466", "#1B2430", "#E6EAF0", "#12161C", "#FFFFFF", "#000000", "#C5CCD5", "#DCEBFA", "#0B4F8A",
           "#1B3350", "#A9CDF5"}
#: least distance of two colours that nobody takes for each other, in OKLab
APART = 0.09


def oklab(colour: str) -> tuple[float, float, float]:
    """Björn Ottosson's OKLab, in which equal distances look equally far."""
    r, g, b = ((v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4)
               for v in (int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)))
    x, y, z = (sum(k * v for k, v in zip(row, (r, g, b), strict=True)) ** (1 / 3) for row in (
        (0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005)))
    return (0.2104542553 * x + 0.793617785 * y - 0.0040720468 * z, 1.9779984951 * x - 2.428592205 * y + 0.4505937099 * z,
            0.0259040371 * x + 0.7827717662 * y - 0.808675766 * z)


def test_a_channels_colour_is_nothing_elses():
    """Whatever a picture has beside channels comes from one palette, and none of it looks like a channel, in light or dark."""
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    channels = {mode: theme[mode]["chartCategoricalColors"] for mode in ("light", "dark")}
    found = {path: {n.value.upper() for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
                    and re.fullmatch("#[0-9A-Fa-f]{6}", n.value)} - WRITTEN for path, tree in TREES.items()}
    palette = found.pop(Path("pages/ui/kit/charts.py"))
    sheet = found.pop(Path("pages/ui/print/parts.py"))
    found.pop(Path("model/io/workbook/looks.py"))  # cells of a spreadsheet, and no picture beside them
    assert {str(path) for path, colours in found.items() if colours} == set(), "colours stand in kit/charts.py"
    assert sheet == {c.upper() for c in channels["light"]}, "the printed page has the channels' colours of the light theme"
    near = {(c, other, mode) for c in palette for mode, those in channels.items() for other in those
            if sum((a - b) ** 2 for a, b in zip(oklab(c), oklab(other), strict=True)) < APART ** 2}
    assert len(palette) > 5 and near == set()


@every(path=sorted((ROOT / "tests").rglob("*.py")))
def test_what_tests_share_stands_in_modules_of_names_of_their_own(path):
    """Every folder's conftest has one name: which of them an import gives hangs on which files are run together."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.ImportFrom) and node.module == "conftest"), node.lineno
