"""Settings from a file: `-D stack=stack.toml`. See docs/stack.example.toml."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.errors import SettingsError
from support.settings.conninfo import libpq_keywords
from support.settings.libpq import LIBPQ_FILES, with_keywords
from support.settings.overrides import PARTS, Overrides
from support.settings.stack_places import OVERRIDE, TABLES, settings_by_place
from support.settings.stack_values import Values
from support.settings.toml_source import EXAMPLE, TomlSource, read_toml

OTHERS_MAY_READ = 0o044
LISTS = ("bootstrap",)
"""Settings that may be a list of texts."""


@dataclass(frozen=True)
class StackFile:
    """`values`: setting -> text, as `-D` takes it. `warning`: a line for people, or empty."""

    values: Mapping[str, str]
    overrides: Overrides
    warning: str = ""


def read_stack_file(
    path: Path, hints: Mapping[str, Any], environment: Mapping[str, str]
) -> StackFile:
    """Reads a stack file.

    `hints`: setting -> its type. `environment`: the variables that `${NAME}` can mean. Raises
    SettingsError, with the line, for a file that can't be read, an unknown table or key, a value of
    the wrong type and a variable that is not set.
    """
    source = read_toml(path)
    reading = _Reading(source, hints, environment)
    for table, content in source.tables.items():
        reading.add_table(table, content)
    return StackFile(reading.settings(), reading.overrides, _warning(path, reading.values))


class _Reading:
    """The settings that were read of one file so far."""

    def __init__(
        self, source: TomlSource, hints: Mapping[str, Any], environment: Mapping[str, str]
    ) -> None:
        self.overrides: Overrides = {}
        self.values = Values(source, environment)
        self._source, self._hints = source, hints
        self._places = settings_by_place(hints)
        self._found: dict[str, str] = {}
        self._libpq: dict[str, str] = {}

    def settings(self) -> dict[str, str]:
        """Returns setting -> text, with libpq's keywords in the database's address."""
        found = dict(self._found)
        if self._libpq:
            where = self._source.at("postgres")
            found["database"] = with_keywords(found.get("database", ""), self._libpq, where)
        return found

    def add_table(self, table: str, content: object) -> None:
        if table not in TABLES:
            raise self._unknown_table(table, content)
        if not isinstance(content, dict):
            raise self.values.wrong_type((table,), content, f"a table: [{table}]")
        for key, value in content.items():
            if table == OVERRIDE:
                self._add_part(key, value)
            else:
                self._add(table, key, value)

    def _add(self, table: str, key: str, value: object) -> None:
        names, setting = (table, key), self._places.get((table, key))
        if setting in LISTS:
            self._found[setting] = self.values.joined(names, value)
        elif setting is not None:
            self._found[setting] = self.values.text(names, value, self._hints[setting])
        elif table == "postgres" and key in libpq_keywords():
            self._libpq[key] = self._libpq_text(names, value)
        else:
            raise self._unknown_key(table, key)

    def _libpq_text(self, names: tuple[str, ...], value: object) -> str:
        text = self.values.text(names, value, int if isinstance(value, int) else str)
        own = names[-1] in LIBPQ_FILES and text != "system"
        return self.values.from_here(names, text) if own else text

    def _add_part(self, part: str, content: object) -> None:
        names = (OVERRIDE, part)
        if part not in PARTS:
            near = difflib.get_close_matches(part, PARTS, 1, 0.5)
            raise SettingsError(
                f"{self._source.at(*names)}: the baseline has no part '{part}'.",
                wanted=", ".join(f"[{OVERRIDE}.{each}]" for each in PARTS),
                then=f"did you mean [{OVERRIDE}.{near[0]}]?" if near else "",
            )
        if not isinstance(content, dict):
            raise self.values.wrong_type(names, content, f"a table: [{OVERRIDE}.{part}]")
        self.overrides[part] = dict(self._flat(names, content))

    def _flat(
        self, names: tuple[str, ...], content: Mapping[str, object]
    ) -> Iterable[tuple[str, str]]:
        """Yields key and text of each line. An unquoted `retention.ms` is a table in TOML."""
        for key, value in content.items():
            inner = (*names, key)
            if isinstance(value, dict):
                yield from self._flat(inner, value)
            elif isinstance(value, bool):
                yield ".".join(inner[2:]), str(value).lower()
            elif isinstance(value, str):
                yield ".".join(inner[2:]), self.values.expanded(inner, value)
            elif isinstance(value, int | float):
                yield ".".join(inner[2:]), str(value)
            else:
                raise self.values.wrong_type(inner, value, "a text, a number, true or false")

    def _unknown_table(self, table: str, content: object) -> SettingsError:
        known = {f"[{where}] {key}": key for where, key in self._places}
        if isinstance(content, dict):
            near = difflib.get_close_matches(table, TABLES, 1, 0.5)
            hint = f"did you mean [{near[0]}]?" if near else EXAMPLE
        else:
            fits = [place for place, key in known.items() if key == table]
            hint = f"it belongs into a table: {' or '.join(fits)}" if fits else EXAMPLE
        return SettingsError(
            f"{self._source.at(table)}: there is no {table} outside the tables of a stack file.",
            wanted=", ".join(f"[{each}]" for each in TABLES),
            then=hint,
        )

    def _unknown_key(self, table: str, key: str) -> SettingsError:
        own = sorted(name for where, name in self._places if where == table)
        more = libpq_keywords() if table == "postgres" else []
        near = difflib.get_close_matches(key, [*own, *more], 1, 0.6)
        hint = f"did you mean {near[0]}?" if near else self._in_another_table(key)
        return SettingsError(
            f"{self._source.at(table, key)}: [{table}] has no key '{key}'.",
            wanted=", ".join(own) + (", and the keywords of libpq" if table == "postgres" else ""),
            then=hint,
        )

    def _in_another_table(self, key: str) -> str:
        """Returns where a key is known, by its name or by the name of its setting."""
        for (table, name), setting in self._places.items():
            if key in (name, setting):
                return f"did you mean {name} in [{table}]?"
        return EXAMPLE


def _warning(path: Path, values: Values) -> str:
    """Returns a warning about a file that others may read, if it contains a password."""
    if not values.literal_secrets or not path.stat().st_mode & OTHERS_MAY_READ:
        return ""
    return (
        f"WARNING: {path} contains a password ({', '.join(values.literal_secrets)}), and other "
        f"users of this host may read it: chmod 600 {path}, or write ${{NAME}} instead and export "
        "NAME"
    )
