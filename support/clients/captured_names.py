"""Which schemas, tables and columns a Debezium PostgreSQL connector captures, by its settings."""

from __future__ import annotations

import re
from collections.abc import Mapping

from support.clients.java_regex import patterns

SYSTEM_SCHEMAS, SYSTEM_TABLES = ("pg_catalog", "information_schema"), ("spatial_ref_sys",)
"""Never captured (PostgresConnectorConfig.SystemTablesPredicate)."""
TEMPORARY = "pg_temp"

OLD_NAMES = {"include.list": "whitelist", "exclude.list": "blacklist"}
"""Debezium's names of these settings before 1.3."""


def captures_table(config: Mapping[str, str], schema: str, table: str) -> bool:
    """Whether the filters let a table pass. The publication may still lack it.

    An include list wins over an exclude list of the same kind. Schemas and tables are both
    filtered. Raises StackError for an expression that can't be read.
    """
    if schema.lower() in SYSTEM_SCHEMAS or schema.startswith(TEMPORARY):
        return False
    if table.lower() in SYSTEM_TABLES:
        return False
    return _passes(config, "schema", schema) and _passes(config, "table", f"{schema}.{table}")


def captures_column(config: Mapping[str, str], schema: str, table: str, column: str) -> bool:
    """Whether the filters let a column of a captured table pass."""
    return _passes(config, "column", f"{schema}.{table}.{column}")


def alters_column(config: Mapping[str, str], schema: str, table: str, column: str) -> str:
    """Returns the setting that makes the connector send another value of a column (hashed, masked
    or truncated); empty if there is none."""
    name = f"{schema}.{table}.{column}"
    for setting, value in config.items():
        if re.match(r"column\.(mask|truncate)\.", setting) and any(
            pattern.fullmatch(name) for pattern in patterns(setting, value)
        ):
            return setting
    return ""


def _passes(config: Mapping[str, str], kind: str, name: str) -> bool:
    included, excluded = (_patterns(config, kind, rule) for rule in OLD_NAMES)
    if included:
        return any(pattern.fullmatch(name) for pattern in included)
    return not any(pattern.fullmatch(name) for pattern in excluded)


def _patterns(config: Mapping[str, str], kind: str, rule: str) -> tuple[re.Pattern[str], ...]:
    setting = f"{kind}.{rule}"
    value = config.get(setting) or config.get(f"{kind}.{OLD_NAMES[rule]}") or ""
    return patterns(setting, value)
