"""Every check that the code can make, read from the source: its name and its possible verdicts.

A check's name is an argument of one of the MAKERS. The value of a variable is looked up in the
function, in the module, where it is imported from, or, for a parameter, in every call.
A placeholder stays as it is: f"{figure} latency" is "<figure> latency".
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from support.settings import ROOT
from tests.sources import SUPPORT, tree

MAKERS = {
    "passed_if": (1, ("PASS", "FAIL")),
    "none_of": (0, ("PASS", "FAIL")),
    "none_of_ids": (0, ("PASS", "FAIL")),
    "measured": (0, ("MEASURED",)),
    "deviates": (0, ("DEVIATION",)),
    "not_measured": (0, ("INCONCLUSIVE",)),
    "left_out": (0, ("SKIPPED",)),
    "unreadable": (1, ("INCONCLUSIVE",)),
    "without_groups": (1, ("INCONCLUSIVE",)),
    "Check": (0, ()),
}
"""Function of checks/judged.py -> position of the check's name, and the verdicts that it makes."""

CONSTANT = {True: ("PASS",), False: ("FAIL",)}
APART = ("judged.py", "catalogue")
"""Modules that make no check: the makers themselves, and the descriptions."""

Function = ast.FunctionDef


@dataclass(frozen=True)
class Source:
    """A module of support/."""

    path: Path
    tree: ast.Module

    @cached_property
    def functions(self) -> list[Function]:
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]


@cache
def sources() -> tuple[Source, ...]:
    """Returns the modules of support/ that can make checks."""
    chosen = [path for path in SUPPORT if not set(APART) & set(path.relative_to(ROOT).parts)]
    return tuple(Source(path, tree(path)) for path in chosen)


@cache
def verdicts_by_name() -> dict[str, set[str]]:
    """Returns the name of each check -> the verdicts that it can have."""
    found: dict[str, set[str]] = defaultdict(set)
    for source in sources():
        if source.path.parent.name not in ("checks", "experiment", "figures"):
            continue
        for function in source.functions:
            for call, name, verdicts in _made_in(function):
                for each in _values(name, function, source):
                    if not each:
                        where = f"{source.path.relative_to(ROOT)}:{call.lineno}"
                        raise AssertionError(f"{where}: the check's name can't be read")
                    found[each].update(verdicts)
    return dict(found)


def _made_in(function: Function) -> Iterator[tuple[ast.Call, ast.expr, tuple[str, ...]]]:
    """Yields the calls of makers, with the expression of the name, and the verdicts."""
    for call in _own_calls(function):
        called = _called(call)
        if called not in MAKERS:
            continue
        position, verdicts = MAKERS[called]
        arguments = _arguments(call, function)
        if called == "passed_if" and isinstance(arguments[0], ast.Constant):
            verdicts = CONSTANT[bool(arguments[0].value)]
        if called == "Check":
            verdicts = (ast.unparse(arguments[1]).removeprefix("Verdict."),)
        yield call, arguments[position], verdicts


@cache
def _own_calls(function: Function) -> tuple[ast.Call, ...]:
    return tuple(node for node in ast.walk(function) if isinstance(node, ast.Call))


@cache
def _calls_by_name() -> dict[str, list[tuple[ast.Call, Function, Source]]]:
    """Returns name of a function -> every call of one of that name, with its caller."""
    found = defaultdict(list)
    for source in sources():
        for caller in source.functions:
            for call in _own_calls(caller):
                found[_called(call)].append((call, caller, source))
    return found


def _called(call: ast.Call) -> str:
    function = call.func
    return getattr(function, "id", getattr(function, "attr", ""))


def _arguments(call: ast.Call, function: Function) -> list[ast.expr]:
    """Returns the arguments of a call, with `*args` replaced by the tuple assigned to it."""
    found: list[ast.expr] = []
    for argument in call.args:
        if isinstance(argument, ast.Starred) and isinstance(argument.value, ast.Name):
            for value in _assigned(argument.value.id, function):
                found += value.elts if isinstance(value, ast.Tuple) else [value]
        else:
            found.append(argument)
    return found


def _values(expression: ast.expr, function: Function, source: Source) -> set[str]:
    """Returns every text that an expression can be; {""} where it can't be determined."""
    if isinstance(expression, ast.Constant):
        return {str(expression.value)}
    if isinstance(expression, ast.JoinedStr):
        return {"".join(_part(part) for part in expression.values)}
    if isinstance(expression, ast.IfExp):
        return _values(expression.body, function, source) | _values(
            expression.orelse, function, source
        )
    if not isinstance(expression, ast.Name):
        return {""}
    name = expression.id
    local = [*_assigned(name, function), *_looped(name, function)]
    if local:
        return set().union(*(_values(each, function, source) for each in local))
    if name in [argument.arg for argument in _parameters(function)]:
        return _passed(name, function)
    return _of_module(name, source)


def _part(part: ast.expr) -> str:
    if isinstance(part, ast.FormattedValue):
        return f"<{ast.unparse(part.value)}>"
    assert isinstance(part, ast.Constant)
    return str(part.value)


def _assigned(name: str, scope: Function | ast.Module) -> list[ast.expr]:
    """Returns the expressions assigned to a name, also as a part of a tuple."""
    found = []
    for node in ast.walk(scope):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id == name:
                found.append(node.value)
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                found += _matched(name, target, node.value)
    return found


def _looped(name: str, function: Function) -> list[ast.expr]:
    """Returns the values of a loop variable, if the function loops over literal tuples."""
    found = []
    for node in ast.walk(function):
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Tuple):
            rows = [each for each in ast.walk(function) if isinstance(each, ast.Tuple)]
            for row in rows:
                if row is not node.target and len(row.elts) == len(node.target.elts):
                    found += _matched(name, node.target, row)
    return [each for each in found if isinstance(each, ast.Constant)]


def _matched(name: str, target: ast.Tuple, value: ast.Tuple) -> list[ast.expr]:
    pairs = zip(target.elts, value.elts, strict=False)
    return [v for t, v in pairs if isinstance(t, ast.Name) and t.id == name]


def _parameters(function: Function) -> list[ast.arg]:
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def _passed(parameter: str, function: Function) -> set[str]:
    """Returns the values that all callers pass for a parameter."""
    names = [argument.arg for argument in _parameters(function)]
    position = names.index(parameter) - (names[0] in ("self", "cls"))
    found: set[str] = set()
    for call, caller, source in _calls_by_name().get(function.name, []):
        named = [each.value for each in call.keywords if each.arg == parameter]
        passed = named or _arguments(call, caller)[position : position + 1]
        for each in passed:
            found |= _values(each, caller, source)
    return found or {""}


def _of_module(name: str, source: Source) -> set[str]:
    """Returns a constant of the module, or of the one that it is imported from."""
    outside = ast.Module([node for node in source.tree.body if not isinstance(node, Function)], [])
    for value in _assigned(name, outside):
        if isinstance(value, ast.Constant):
            return {str(value.value)}
    for node in source.tree.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    path = ROOT / f"{(node.module or '').replace('.', '/')}.py"
                    return _of_module(alias.name, Source(path, tree(path)))
    return {""}
