"""Finds the test that has seen a check fail, by its decorator and without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

DECORATOR = "sees_red"


def seen_by_check(folder: Path, root: Path) -> Mapping[str, tuple[str, ...]]:
    """Returns check name -> ids of the tests below `folder` that see it fail, from `root` on."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        for function in _functions(ast.parse(path.read_text())):
            for name in _names(function):
                test = f"{path.relative_to(root).as_posix()}::{function.name}"
                found.setdefault(name, []).append(test)
    return {name: tuple(tests) for name, tests in found.items()}


def _functions(module: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in module.body if isinstance(node, ast.FunctionDef))


def _names(function: ast.FunctionDef) -> Iterator[str]:
    """Yields the decorator's arguments that are literals."""
    for call in function.decorator_list:
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == DECORATOR:
            for argument in call.args:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value)
