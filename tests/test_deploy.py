"""What stands in deploy/ is what a linter and the programs that read it accept."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from model.io.store.tables import METADATA
from pages.ui.frame import uploads
from samples import ROOT

HERE = ROOT / "deploy"


def ran(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


def test_the_container_is_built_as_a_linter_would():
    hadolint = shutil.which("hadolint", path=str(ROOT / ".venv" / "bin")) or shutil.which("hadolint") \
        or shutil.which("hadolint", path=sys.executable.rpartition("/")[0])
    if hadolint is None:
        pytest.skip("no hadolint here")
    found = ran(hadolint, HERE / "Dockerfile")
    assert found.returncode == 0, found.stdout


def test_the_services_are_as_composes_own_schema_has_them():
    found = ran(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", HERE / "compose.yaml")
    assert found.returncode == 0, found.stdout


def test_every_setting_is_one_that_the_code_reads():
    read = set(re.findall(r"SANDTABLE_\w+", "".join(p.read_text() for folder in ("model", "pages") for p in (ROOT / folder).rglob("*.py"))))
    said = {name for path in HERE.iterdir() if path.is_file() for name in re.findall(r"SANDTABLE_\w+", path.read_text())}
    assert said <= read, said - read


def test_what_the_app_may_not_change_are_tables_that_there_are():
    named = set(re.findall(r" ON (\w+) FROM", (HERE / "after-migrate.sql").read_text()))
    assert named == {"deeds", "alembic_version"} and "deeds" in METADATA.tables


def test_nginx_lets_through_what_the_app_takes():
    (limit,) = re.findall(r"client_max_body_size (\d+)m;", (HERE / "nginx.conf").read_text())
    assert int(limit) > uploads.MAX_MB
