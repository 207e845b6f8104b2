"""A third language for tests: every English text in brackets, with numbers, joints and forms that are neither of ours."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from pages.ui.kit import languages, texts

#: counts ones, twos and the rest; its marks are those of German
RULES = '''
name = "⟦Xx⟧"
word = "⟦Xanguage⟧"
place = 3
tag = "xx"
plural = "n == 1 ? 0 : n == 2 ? 1 : 2"
own_first = ["en", "zh"]
shortcuts_from = 1599
point = ","
group = "."
percent = " %"
steps = [[1e7, " ⟦Cr⟧"], [1e5, " ⟦Lk⟧"]]
gap = " "
gap_after_step = " "
yuan = "{number} ¤"
yuan_each = "{number} ¤"
yuan_per_1000 = "{number} ¤ ‰"
with_error = "{number} ± {error}{step} ¤"
money_axis = [1e5, "⟦Lk ¤⟧"]
people_axis = [1e5, "⟦Lk people⟧"]
orders_axis = [1e5, "⟦Lk orders⟧"]
statement = [1e5, 2]
between_sentences = " ¦ "
between_parts = " & "
between_clauses = " § "
small_inside = true
months = ["⟦M1⟧", "⟦M2⟧", "⟦M3⟧", "⟦M4⟧", "⟦M5⟧", "⟦M6⟧", "⟦M7⟧", "⟦M8⟧", "⟦M9⟧", "⟦M10⟧", "⟦M11⟧", "⟦M12⟧"]
'''


def add(folder: Path) -> None:
    """The languages of the app and the third one, in this folder."""
    shutil.copytree(texts.FOLDER, folder, dirs_exist_ok=True)
    new = folder / "xx"
    new.mkdir()
    (new / languages.RULES).write_text(RULES, encoding="utf-8")
    lines = [f"{key} = {json.dumps(_bracketed(text), ensure_ascii=False)}" for key, text in texts.catalogue("en").items()]
    (new / "all.toml").write_text("\n".join(lines), encoding="utf-8")


def _bracketed(text: str | list[str]) -> str | list[str]:
    """The text in brackets; of one with forms the first, the last called two, and the last."""
    if isinstance(text, str):
        return f"⟦{text}⟧" if text else ""
    return [f"⟦{text[0]}⟧", f"⟦two: {text[-1]}⟧", f"⟦{text[-1]}⟧"]
