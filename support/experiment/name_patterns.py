"""Lists of regular expressions as Debezium reads them, and what they do to columns."""

from __future__ import annotations

import re
from collections.abc import Mapping

from support.record.events import Columns

Patterns = tuple[re.Pattern[str], ...]
ALTERS = {"column.mask.": "masked", "column.truncate.": "truncated"}
SALT = re.compile(r"(\.with\.salt\.).*")


def patterns(value: str) -> Patterns:
    """Returns the expressions of a list, split at commas that are not escaped. Raises re.error."""
    items = (item.strip() for item in re.split(r"(?<!\\),", value))
    return tuple(re.compile(item, re.IGNORECASE) for item in items if item)


def matches(expressions: Patterns, name: str) -> bool:
    """Whether one of the expressions matches the whole name."""
    return any(each.fullmatch(name) for each in expressions)


def touched_columns(
    connector: Mapping[str, str], schema: str, columns: Columns
) -> Mapping[str, Mapping[str, str]]:
    """Returns table -> column -> what a setting of the connector does to its values, in words."""
    found: dict[str, dict[str, str]] = {}
    for key, value in connector.items():
        for table, names in columns.items():
            for name in names:
                effect = _effect(key, value, f"{schema}.{table}.{name}")
                if effect:
                    found.setdefault(table, {})[name] = effect
    return found


def _effect(key: str, value: str, column: str) -> str:
    shown = "connector." + SALT.sub(r"\1***", key)
    try:
        matching = matches(patterns(value), column) if key.startswith("column.") else False
    except re.error:
        return ""
    if key == "column.exclude.list" and matching:
        return f"excluded by {shown}"
    if key == "column.include.list" and not matching:
        return f"not included by {shown}"
    done = next((word for start, word in ALTERS.items() if key.startswith(start)), "")
    return f"{done} by {shown}" if done and matching else ""


def leaves_out_truncate(connector: Mapping[str, str]) -> bool:
    """Whether Debezium skips TRUNCATE, as it does by default."""
    skipped = connector.get("skipped.operations", "t").split(",")
    return "t" in {each.strip() for each in skipped}
