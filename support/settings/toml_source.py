"""A TOML file with the lines of its keys, so that an error can name one."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.errors import SettingsError

HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(#.*)?")
KEY = re.compile(
    r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*="
)
AT = re.compile(r"\(at line (\d+), column \d+\)")
EXAMPLE = "docs/stack.example.toml has every key"


@dataclass(frozen=True)
class TomlSource:
    """A file that was read. `tables`: its content, as tomllib returns it."""

    path: Path
    tables: dict[str, Any]
    lines: dict[str, int]
    """Key with its tables (`kafka.bootstrap`) -> the number of its line, from 1."""

    def at(self, *names: str) -> str:
        """Returns the file's name with the line of a key or a table, for people."""
        number = self.lines.get(".".join(names))
        return f"{self.path.name}, line {number}" if number else self.path.name


def read_toml(path: Path) -> TomlSource:
    """Reads a file. Raises SettingsError if it is missing, a folder, not UTF-8 or not TOML."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise _unreadable(path, error.strerror or type(error).__name__) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _unreadable(
            path, f"line {line}: a byte that is not UTF-8", "save it as UTF-8"
        ) from None
    try:
        # A mark that some editors write; TOML has none.
        tables = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        # Not `from error`: a traceback would quote a line, which may contain a password.
        raise SettingsError(
            f"The stack file {path} is not TOML.",
            seen=_place_first(str(error), len(text.splitlines())),
            cause='a text without "quotes", or a key that occurs twice',
            then=EXAMPLE,
        ) from None
    return TomlSource(path, tables, _lines(text))


def _unreadable(path: Path, why: str, then: str = "") -> SettingsError:
    return SettingsError(
        f"The stack file {path} can't be read.",
        seen=why,
        then=then or "-D stack=FILE, a path from the folder in which you call make",
    )


def _place_first(message: str, last: int) -> str:
    found = AT.search(message)
    place = f"line {found[1]}" if found else f"line {last}, the end of the file"
    what = AT.sub("", message).replace("(at end of document)", "").strip()
    return f"{place}: {what}"


def _lines(text: str) -> dict[str, int]:
    """Finds the lines of tables and keys. A line inside a text of several lines may look like a
    key as well: the first line of a name counts."""
    table, found = "", dict[str, int]()
    for number, line in enumerate(text.splitlines(), 1):
        header, key = HEADER.fullmatch(line), KEY.match(line)
        if header:
            table = _plain(header[1])
            found.setdefault(table, number)
        elif key:
            name = _plain(key[1])
            found.setdefault(f"{table}.{name}" if table else name, number)
    return found


def _plain(name: str) -> str:
    """Returns a dotted name without quotes and blanks."""
    return re.sub(r"\s*\.\s*", ".", name.strip()).replace('"', "").replace("'", "")
