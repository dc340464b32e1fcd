"""The figures of a record: every number in it, with its path and the place that shows it."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from support.report.completeness.load_places import PACED, UNPACED
from support.report.completeness.place import Cell, Place, Words
from support.report.completeness.places import NOT_SHOWN, PLACES

Path = tuple[str, ...]
Json = object
"""The result of msgspec.to_builtins for a record: dicts, lists, numbers, texts, None."""
MEASURED = "measured"
"""The field of a check whose value can be a text."""


@dataclass(frozen=True)
class Recorded:
    """A number, or the text that a check measured. `parent`: the texts next to it."""

    path: Path
    value: float | str
    parent: Mapping[str, str]

    @property
    def name(self) -> str:
        return ".".join(self.path)


def recorded(
    value: Json, path: Path = (), parent: Mapping[str, str] | None = None
) -> list[Recorded]:
    """Returns every figure below a value of the record; indices begin with 1."""
    if isinstance(value, Mapping):
        parent = {key: each for key, each in value.items() if isinstance(each, str)}
        below = [(str(key), each) for key, each in value.items()]
    elif isinstance(value, Sequence) and not isinstance(value, str):
        below = [(str(n), each) for n, each in enumerate(value, start=1)]
    else:
        figure = _figure(value, path)
        return [] if figure is None else [Recorded(path, figure, parent or {})]
    return [found for key, each in below for found in recorded(each, (*path, key), parent)]


def _figure(value: Json, path: Path) -> float | str | None:
    """Returns a number, or the text that a check measured; None for any other value."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return value if isinstance(value, str) and path[-1] == MEASURED else None


def place_of(figure: Recorded, *, paced: bool) -> Place | None:
    """Returns where a figure has to be; None where it is not shown as a number.

    Raises KeyError for a field that has neither a place nor a reason in NOT_SHOWN.
    """
    for keys, place in _patterns(paced, figure.path[0], len(figure.path)):
        if all(key in ("*", part) for key, part in zip(keys, figure.path, strict=True)):
            pairs = zip(keys, figure.path, strict=True)
            wild = tuple(part for key, part in pairs if key == "*")
            return _filled(place, wild, figure.parent) if place else None
    raise KeyError(figure.name)


@functools.cache
def _patterns(paced: bool, first: str, length: int) -> Sequence[tuple[Path, Place | None]]:
    """Returns the paths with this first key and length, each with its place."""
    shown = {**PLACES, **(PACED if paced else UNPACED)}
    every: dict[str, Place | None] = {**dict.fromkeys((*NOT_SHOWN, *PACED)), **shown}
    found = ((tuple(path.split(".")), place) for path, place in every.items())
    return [(keys, place) for keys, place in found if keys[0] == first and len(keys) == length]


def _filled(place: Place, wild: Path, parent: Mapping[str, str]) -> Place:
    if isinstance(place, Cell):
        row, column = place.row.format(*wild, **parent), place.column.format(*wild)
        return Cell(row, column, place.scale, place.number)
    return Words(place.line, place.before, place.after.format(*wild), place.scale)
