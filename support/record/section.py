"""Sections of a scenario's record: one file of one type each."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from support.results.renamed import renamed
from support.results.store import write_atomically

T = TypeVar("T")

QUICK = 1
"""gzip's fastest level: a scenario waits while its record is written."""


@dataclass(frozen=True)
class Section(Generic[T]):
    """A part of a record: how it is written to a scenario's folder, and read back.

    `path` is relative to the folder; the section was recorded when it exists.
    """

    name: str
    path: str
    write: Callable[[T, Path], object]
    read: Callable[[Path], T]


def json_section(
    name: str,
    kind: type[T],
    shown: Callable[[T], T] = lambda value: value,
    indent: int = 2,
    older: Mapping[str, str] | None = None,
) -> Section[T]:
    """Returns a section that is one JSON file, decoded and checked as `kind`.

    `shown` turns a value into what may be written, without the secrets of its settings. With an
    `indent` of 0 the file is one line, for values with thousands of entries. `older`: a key in
    files of older versions -> today's.
    """
    path = f"{name}.json"
    decoder = msgspec.json.Decoder(kind)

    def write(value: T, folder: Path) -> None:
        encoded = msgspec.json.encode(shown(value), enc_hook=_plain)
        write_atomically(folder / path, msgspec.json.format(encoded, indent=indent))

    def read(folder: Path) -> T:
        return decoder.decode(renamed((folder / path).read_bytes(), older or {}))

    return Section(name, path, write, read)


def zipped_section(name: str, kind: type[T]) -> Section[T]:
    """Returns a section that is one JSON file compressed by gzip, for values of megabytes."""
    path = f"{name}.json.gz"
    decoder = msgspec.json.Decoder(kind)

    def write(value: T, folder: Path) -> None:
        encoded = msgspec.json.encode(value, enc_hook=_plain)
        write_atomically(folder / path, gzip.compress(encoded, compresslevel=QUICK, mtime=0))

    def read(folder: Path) -> T:
        return decoder.decode(gzip.decompress((folder / path).read_bytes()))

    return Section(name, path, write, read)


def _plain(value: Any) -> object:
    """Turns numbers of numpy into Python's."""
    return value.item()
