"""The record of one scenario: everything that its checks and figures are computed from."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast
from zipfile import BadZipFile

import msgspec

from support.errors import Explained, Inconclusive
from support.record.section import Section

T = TypeVar("T")

DAMAGED = (OSError, EOFError, ValueError, zlib.error, BadZipFile, msgspec.MsgspecError)
"""Errors of reading a damaged file, by its format."""


class NotRecorded(Inconclusive):
    """A section that a check or a figure needs was not recorded."""


class Record:
    """The sections below one folder.

    A written value is read back from disk before anything is computed from it, so that judging the
    record again later uses the same data.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.writes = 0
        """Number of writes through this object; it rises with each change."""
        self._read: dict[str, object] = {}
        self._computed: dict[Callable[[Record], object], object] = {}

    def write(self, section: Section[T], value: T) -> None:
        """Stores a section; replaces an earlier one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        section.write(value, self.folder)
        self._read.pop(section.name, None)
        self._computed.clear()
        self.writes += 1

    def has(self, section: Section[T]) -> bool:
        """Whether the section was recorded."""
        return (self.folder / section.path).exists()

    def get(self, section: Section[T]) -> T | None:
        """Returns the section, or None when it was not recorded."""
        return self[section] if self.has(section) else None

    def compute(self, function: Callable[[Record], T]) -> T:
        """Returns the result of a function of this record; cached until the next write."""
        if function not in self._computed:
            self._computed[function] = function(self)
        return cast(T, self._computed[function])

    def __getitem__(self, section: Section[T]) -> T:
        """Returns the section. Raises NotRecorded without it, Explained for a damaged one."""
        if section.name not in self._read:
            if not self.has(section):
                raise NotRecorded(
                    f"The scenario did not record its {section.name.replace('_', ' ')}.",
                    seen=f"no {section.path} in {self.folder.name}",
                )
            try:
                self._read[section.name] = section.read(self.folder)
            except DAMAGED as error:
                raise Explained(
                    f"{self.folder / section.path} can't be read.", seen=str(error)
                ) from error
        return cast(T, self._read[section.name])
