"""Every test that `make test` leaves out exists, and no file is left out by mistake."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from support.settings import ROOT
from tests.contract.left_out import LEFT_OUT, left_out

FOLDER = ROOT / "tests" / "contract"


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_exists(name: str) -> None:
    path, _, test = name.partition("::")
    beginning = test.partition("[")[0]
    assert any(each.startswith(beginning or "test_") for each in names_of(FOLDER / path))


def names_of(path: Path) -> list[str]:
    """Returns the functions that a module defines or imports; follows `import *`."""
    tree = ast.parse(path.read_text())
    names = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for each in (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)):
        imported = [name.name for name in each.names]
        module = ROOT / f"{(each.module or '').replace('.', '/')}.py"
        names += names_of(module) if imported == ["*"] else imported
    return names


def test_a_case_and_a_whole_file_are_left_out_and_others_are_not() -> None:
    case = "test_cdc.py::test_what_a_connector_leaves_out_is_found"
    assert left_out(f"{case}[not captured]")
    assert not left_out(f"{case}[masked]")
    assert left_out("red/test_edges.py::test_any")
    assert not left_out("red/test_log.py::test_any")
