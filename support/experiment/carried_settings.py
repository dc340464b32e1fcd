"""A connector's settings, carried over from the schema `public` to the schema of a scenario.

Each scenario captures tables in a separate schema, where a setting that names `public.comments`
would match nothing, so that its effect would go unjudged. Every setting that names the schema is
carried over and proven to mean the same: it matches the same tables, columns and topics by their
new names. A setting that can't be carried over like this is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from support.errors import SettingsError
from support.experiment.name_patterns import matches, patterns
from support.generate.tables import COLUMNS as TABLE_COLUMNS

SCHEMA = "public"
SET_BY_A_SCENARIO = (
    "topic.prefix",
    "slot.name",
    "publication.name",
    "schema.include.list",
    "schema.exclude.list",
)
TABLES = re.compile(r"table\.(include|exclude)\.list|snapshot\.include\.collection\.list")
COLUMNS = re.compile(
    r"column\.((include|exclude)\.list|mask\..+|truncate\..+|propagate\.source\.type)"
)
KEYS = "message.key.columns"
TOPICS = re.compile(
    r"predicates\..+\.pattern|transforms\..+\.regex|topic\.creation\..+\.(include|exclude)"
)
NAMING = (
    "column.",
    "datatype.",
    "heartbeat.",
    "predicates.",
    "replica.",
    "signal.",
    "snapshot.",
    "table.",
    "transforms.",
)
"""Prefixes of other settings that may name a schema, in SQL or in a condition. The address of a
converter or a client may contain the same word, and is left alone."""
ROUTES = re.compile(r"transforms\..+\.regex")
"""Settings that send events to other topics than those of their tables."""

_DOT = r'(?:\.|\\\.|\[\.\]|"\.)'
_FIRST = re.compile(rf'(?<![\w.\\\]"]){SCHEMA}(?=\W)(?={_DOT}|[|)\]])', re.IGNORECASE)
"""Matches the schema at the beginning of a name, but not a column with the schema's name."""
_WORD = re.compile(rf"(?<!\w){SCHEMA}(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Names:
    """Schema and topic prefix of a scenario, the baseline's prefix, and the columns by table."""

    schema: str
    prefix: str
    prefix_before: str
    columns: Mapping[str, Sequence[str]]

    def tables(self) -> Iterator[tuple[str, str]]:
        """Returns each table's name in `public` and in the scenario."""
        return ((f"{SCHEMA}.{table}", f"{self.schema}.{table}") for table in self.columns)

    def qualified_columns(self) -> Iterator[tuple[str, str]]:
        """Yields each column's name in `public` and in the scenario."""
        for table, columns in self.columns.items():
            for name in columns:
                yield f"{SCHEMA}.{table}.{name}", f"{self.schema}.{table}.{name}"

    def topics(self) -> Iterator[tuple[str, str]]:
        """Yields each table's topic in the baseline and in the scenario."""
        for before, here in self.tables():
            yield f"{self.prefix_before}.{before}", f"{self.prefix}.{here}"


Ways = Callable[[str], list[str]]
"""Returns the candidates for a setting's value in the schema of a scenario, the likeliest first."""


def carried_over(connector: Mapping[str, str], names: Names) -> dict[str, str]:
    """Returns a connector's settings for the schema of a scenario, without SET_BY_A_SCENARIO.

    Raises SettingsError with the name of a setting that can't be carried over.
    """
    return {
        _elsewhere(key, names): _carried(key, value, names)
        for key, value in connector.items()
        if key not in SET_BY_A_SCENARIO
    }


def check_carried_over(connector: Mapping[str, str]) -> None:
    """Raises SettingsError as carried_over() does, before anything is started."""
    columns = {table: (*names, "checksum") for table, names in TABLE_COLUMNS.items()}
    carried_over(connector, Names("own", "own", connector["topic.prefix"], columns))


def _elsewhere(key: str, names: Names) -> str:
    """Renames the schema in a key like snapshot.select.statement.overrides.public.users."""
    return re.sub(rf"\.{SCHEMA}\.(?=\w+$)", f".{names.schema}.", key)


def _carried(key: str, value: str, names: Names) -> str:
    if TABLES.fullmatch(key):
        return _matching(key, value, list(names.tables()), _every_word(names))
    if COLUMNS.fullmatch(key):
        return _matching(key, value, list(names.qualified_columns()), _but_columns(names))
    if TOPICS.fullmatch(key):
        return _of_topics(key, value, names)
    if key == KEYS:
        return ";".join(_of_keys(item, names) for item in value.split(";") if item.strip())
    if not key.startswith(NAMING):
        return value
    moved = _FIRST.sub(names.schema, value)
    if _WORD.search(moved):
        raise _refusal(key, value, "it names the schema in a way that is not understood")
    return moved


def _every_word(names: Names) -> Ways:
    return lambda value: [_WORD.sub(names.schema, value)]


def _but_columns(names: Names) -> Ways:
    """Returns candidates: only schemas renamed; and, less likely, every word that is the schema."""
    return lambda value: [_FIRST.sub(names.schema, value), _WORD.sub(names.schema, value)]


def _of_topics(key: str, value: str, names: Names) -> str:
    topics = list(names.topics())
    prefix = re.compile(rf"(?<!\w){re.escape(names.prefix_before)}(?=\W)")

    moved = _matching(
        key,
        value,
        topics,
        lambda old: [_WORD.sub(names.schema, prefix.sub(names.prefix, old))],
    )
    if ROUTES.fullmatch(key) and any(matches(patterns(value), before) for before, _ in topics):
        raise _refusal(key, value, "it sends events to topics that a scenario does not read")
    return moved


def _of_keys(item: str, names: Names) -> str:
    tables, colon, columns = item.strip().rpartition(":")
    moved = _matching(KEYS, tables, list(names.tables()), _every_word(names))
    taken = any(matches(patterns(tables), before) for before, _ in names.tables())
    if taken and columns.strip() != "id":
        raise _refusal(
            KEYS, item, "a scenario identifies rows by their id, and changes all other columns"
        )
    return f"{moved}{colon}{columns}"


def _matching(
    key: str,
    value: str,
    pairs: Iterable[tuple[str, str]],
    ways: Ways,
) -> str:
    """Returns the first rewritten value that matches the new names as it matched the old ones."""
    try:
        wanted = [matches(patterns(value), before) for before, _ in pairs]
        for moved in ways(value):
            if [matches(patterns(moved), here) for _, here in pairs] == wanted:
                return moved
    except re.error as error:
        raise _refusal(key, value, f"its pattern is not understood: {error}") from error
    raise _refusal(key, value, "it would match other names than in the schema public")


def _refusal(key: str, value: str, cause: str) -> SettingsError:
    return SettingsError(
        f"The setting connector.{key} can't be carried over to the schema of a scenario.",
        seen=value[:200],
        cause=cause,
        then=f"name a table as {SCHEMA}.TABLE or .*\\.TABLE, a column as {SCHEMA}.TABLE.COLUMN, "
        "or leave the setting out",
    )
