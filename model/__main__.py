"""`python -m model`: see model/cli."""

from __future__ import annotations

from model.cli import run

if __name__ == "__main__":
    run()
