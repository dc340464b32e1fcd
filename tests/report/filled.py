"""Makes records in which every field has a different value, also fields that are added later."""

from __future__ import annotations

import dataclasses
import itertools
import types
import typing
from collections.abc import Iterator, Mapping
from enum import Enum

from support.report.sections.startups import ACKED
from support.results.schema import Check, ScenarioResult, Verdict


def filled(kind: type, numbers: Iterator[int] | None = None) -> typing.Any:
    """Returns an instance of a dataclass with a different number in each of its fields."""
    numbers = numbers or itertools.count(1_000)
    hints = typing.get_type_hints(kind)
    values = {f.name: _value(hints[f.name], f.name, numbers) for f in dataclasses.fields(kind)}
    return kind(**values)


def _value(hint: typing.Any, name: str, numbers: Iterator[int]) -> typing.Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _value(arguments[0], name, numbers)
    if origin is tuple:
        return tuple(_value(arguments[0], name, numbers) for _ in range(2))
    if origin is not None and issubclass(origin, Mapping):
        return {f"{name} {n}": _value(arguments[1], name, numbers) for n in "ab"}
    if dataclasses.is_dataclass(hint):
        return filled(typing.cast(type, hint), numbers)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if hint is bool:
        return True
    number = next(numbers)
    letters = str(number).translate(str.maketrans("0123456789", "abcdefghij"))
    return {int: number, float: number + 0.25, str: f"{name} {letters}"}[hint]


def filled_scenario(*tags: str, paced: bool) -> ScenarioResult:
    """Returns a scenario that recorded everything, with pictures that can be drawn."""
    numbers = itertools.count(1_000)
    scenario = filled(ScenarioResult, numbers)
    assert isinstance(scenario, ScenarioResult)
    assert scenario.load and scenario.latency
    load = scenario.load if paced else dataclasses.replace(scenario.load, target_rate_per_s=None)
    summaries = {
        f.name: dataclasses.replace(getattr(scenario.latency, f.name), histogram="")
        for f in dataclasses.fields(scenario.latency)
    }
    starts = tuple(
        {ACKED: next(numbers) + 0.5, "first fetched": next(numbers) + 0.5} for _ in range(2)
    )
    checks = tuple(
        dataclasses.replace(filled(Check, numbers), verdict=v, measured=m)
        for v, m in ((Verdict.FAIL, 7_001.5), (Verdict.MEASURED, 7_002), (Verdict.PASS, "as text"))
    )
    return dataclasses.replace(
        scenario,
        tags=tags,
        load=load,
        latency=dataclasses.replace(scenario.latency, **summaries),
        startups=starts,
        checks=checks,
        promises=tuple(check.name for check in checks),
        notes=("A note.", "Remedy: do something."),
        verdict=Verdict.FAIL,
    )
