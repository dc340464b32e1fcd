"""The house rules of CONTRIBUTING.md that can be counted: sizes, formatting, docstrings, bases."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from support.settings import ROOT
from tests.sources import SOURCES, tree

MODULE_LINES, MEDIAN_LINES, FUNCTION_LINES = 250, 100, 30

DEEPER = {
    "JournaledContainer": "a broker's container whose faults are recorded before they happen",
    "BrokerContainer": "a broker's container that is also created and removed",
}
"""Classes with more than one base of ours above each other, with the reason.

Both use every method of ContainerBroker, which is a Container; delegation would repeat them all.
"""

IMPERATIVES = (
    "Add Append Ask Begin Check Choose Close Compare Complete Create Delete Describe Draw Drop "
    "Fetch Find Forget Give Let Look Make Measure Put Read Remove Replace Restart Return Run Say "
    "Send Serve Start Stop Store Take Try Verify Wait Write Yield"
)
"""Verbs that begin no docstring in this form: "Returns ...", not "Return ..."."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | ast.ClassDef | Function


def lines_of(function: Function) -> int:
    """Returns the lines of a function with its signature, without its docstring."""
    first, end = function.body[0], function.end_lineno
    assert end is not None
    lines = end - function.lineno + 1
    if ast.get_docstring(function) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def imperative_docstrings(module: ast.AST) -> list[str]:
    """Returns the first lines of the docstrings that begin with one of the IMPERATIVES."""
    texts = [ast.get_docstring(n) or "" for n in ast.walk(module) if isinstance(n, Documented)]
    found = [(text, re.match(r"[\w-]+", text)) for text in texts]
    return [text.splitlines()[0] for text, word in found if word and word[0] in IMPERATIVES.split()]


def classes() -> dict[str, list[str]]:
    """Returns class -> names of its bases, without their type parameters."""
    return {
        node.name: [ast.unparse(base).partition("[")[0] for base in node.bases]
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    }


def ancestors(name: str, bases: dict[str, list[str]]) -> Iterator[str]:
    for base in bases.get(name, ()):
        yield base
        yield from ancestors(base, bases)


def depth(name: str, bases: dict[str, list[str]]) -> int:
    """Returns how many classes of ours are above a class, on the longest way."""
    return max((1 + depth(base, bases) for base in bases[name] if base in bases), default=0)


def is_exception(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)


def test_a_docstring_does_not_count_as_lines_of_its_function() -> None:
    source = 'def f(\n    a: int,\n) -> int:\n    """One.\n\n    Two."""\n    return a'
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert lines_of(function) == 4


def test_an_imperative_docstring_is_found() -> None:
    source = '''"""Starts it."""
class A:
    """Start it."""
    def b(self):
        """Write it, at once.

        More.
        """
'''
    assert imperative_docstrings(ast.parse(source)) == ["Start it.", "Write it, at once."]


def test_depth_counts_only_classes_of_ours() -> None:
    bases = {"A": ["Protocol"], "B": ["A"], "C": ["Other", "B"]}
    assert [depth(name, bases) for name in bases] == [0, 1, 2]


def too_long(path: Path) -> dict[str, int]:
    """Returns function -> its lines, for those that are longer than FUNCTION_LINES."""
    return {
        node.name: lines
        for node in ast.walk(tree(path))
        if isinstance(node, Function) and (lines := lines_of(node)) > FUNCTION_LINES
    }


def test_modules_and_functions_are_short() -> None:
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in SOURCES}
    sizes = {path: len(text.splitlines()) for path, text in texts.items()}
    assert {path: lines for path, lines in sizes.items() if lines > MODULE_LINES} == {}
    assert [path for path, text in texts.items() if "# fmt: skip" in text] == []
    long = {str(path.relative_to(ROOT)): too_long(path) for path in SOURCES}
    assert {path: functions for path, functions in long.items() if functions} == {}


def test_docstrings_are_in_the_third_person() -> None:
    found = {str(path.relative_to(ROOT)): imperative_docstrings(tree(path)) for path in SOURCES}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_the_median_of_the_modules_is_short() -> None:
    assert median(len(path.read_text().splitlines()) for path in SOURCES) < MEDIAN_LINES


def test_classes_are_composed_and_not_inherited() -> None:
    bases = classes()
    deep = {
        name
        for name in bases
        if depth(name, bases) > 1
        and not any(each == "Protocol" or is_exception(each) for each in ancestors(name, bases))
    }
    assert deep == set(DEEPER)
