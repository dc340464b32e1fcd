"""The suite's own source files, each read and parsed once."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from support.settings import ROOT

SUPPORT = sorted((ROOT / "support").rglob("*.py"))
SOURCES = [
    ROOT / "environment.py",
    ROOT / "command_line.py",
    ROOT / "check_stack.py",
    *sorted((ROOT / "steps").glob("*.py")),
    *SUPPORT,
]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())
