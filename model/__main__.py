"""`python -m model`: see model/io/cli.py."""

from __future__ import annotations

import sys

from model.io.cli import main

if __name__ == "__main__":
    sys.exit(main())
