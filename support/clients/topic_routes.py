"""Which topic a table's events go to: the connector's naming strategy, then its transforms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from support.clients.java_regex import java_pattern, replaced

LONGEST = 249
"""The longest name of a topic."""

BY_TABLE = "io.debezium.transforms.ByLogicalTableRouter"

ROUTERS = {
    "org.apache.kafka.connect.transforms.RegexRouter": ("regex", "replacement"),
    BY_TABLE: ("topic.regex", "topic.replacement"),
}
"""Transforms that replace the name of the topic -> their settings."""

UNWRAP = "io.debezium.transforms.ExtractNewRecordState"
"""Leaves of an event only the row's new state. Of its settings, only BY_FIELD changes the topic."""
BY_FIELD = "route.by.field"
"""The column whose value is the topic."""

HARMLESS = (
    "org.apache.kafka.connect.transforms.InsertHeader",
    "org.apache.kafka.connect.transforms.DropHeaders",
)
"""Transforms that change neither topic, nor key, nor value."""

TOPIC_MATCHES = "org.apache.kafka.connect.transforms.predicates.TopicNameMatches"
STRATEGY = "topic.naming.strategy"


class Unmapped(Exception):
    """The topic can't be derived from the settings; the message names the setting that is why."""


@dataclass(frozen=True)
class Transform:
    """A single message transform (SMT) of a connector; `settings` are without its prefix."""

    name: str
    type: str
    settings: Mapping[str, str]


def transforms(config: Mapping[str, str]) -> Iterator[Transform]:
    """Yields the transforms in the order in which they are applied."""
    for name in filter(None, map(str.strip, config.get("transforms", "").split(","))):
        settings = _below(config, f"transforms.{name}.")
        yield Transform(name, settings.get("type", ""), settings)


def unmapped_transforms(config: Mapping[str, str]) -> tuple[str, ...]:
    """Returns what this module does not understand, as `transforms.NAME (type)`; a column that
    contains the topic, as `transforms.NAME.route.by.field (column)`."""
    known = (*ROUTERS, *HARMLESS, UNWRAP)
    others = (
        f"transforms.{each.name} ({each.type or 'without a type'})"
        for each in transforms(config)
        if each.type not in known or _condition(config, each) is None
    )
    fields = ((each.name, _field(each)) for each in transforms(config))
    return (*others, *(f"transforms.{name}.{BY_FIELD} ({of})" for name, of in fields if of))


def topic_of(config: Mapping[str, str], schema: str, table: str) -> str:
    """Returns the topic of a table's events. Raises Unmapped, and StackError for an expression that
    can't be read."""
    topic = _named(config, schema, table)
    for each in transforms(config):
        if _field(each):
            raise Unmapped(f"transforms.{each.name}.{BY_FIELD} ({_field(each)})")
        if each.type not in ROUTERS:
            continue
        applies = _condition(config, each)
        if applies is None:
            raise Unmapped(f"transforms.{each.name}.predicate")
        if applies(topic):
            topic = _replaced(f"transforms.{each.name}", each.settings, ROUTERS[each.type], topic)
    return topic


def misread(name: str) -> str:
    """Returns a name as Debezium 2.5 reads it from pgoutput's stream: every byte is a character.

    So the changes of a table whose name is not ASCII have another name than its snapshot, and go to
    another topic.
    """
    return "".join(chr(byte if byte < 0x80 else 0xFF00 | byte) for byte in name.encode())


def _field(transform: Transform) -> str:
    """Returns the column whose value a transform makes the topic; empty if there is none."""
    return transform.settings.get(BY_FIELD, "") if transform.type == UNWRAP else ""


def topic_prefix(config: Mapping[str, str]) -> str:
    """Returns what the names of topics begin with; before Debezium 2.0 database.server.name."""
    return config.get("topic.prefix") or config.get("database.server.name", "")


def _named(config: Mapping[str, str], schema: str, table: str) -> str:
    strategy = config.get(STRATEGY, "SchemaTopicNamingStrategy")
    joined = config.get("topic.delimiter", ".").join((topic_prefix(config), schema, table))
    match strategy.removeprefix("io.debezium.schema."):
        case "SchemaTopicNamingStrategy":
            return _legal(joined, r"[^\w.-]", lambda _: "_")
        case "SchemaUnicodeTopicNamingStrategy":
            return _legal(joined, r"[^A-Za-z0-9.-]", lambda c: f"_u{ord(c):04x}")
        case "SchemaRegexTopicNamingStrategy":
            legal = _legal(joined, r"[^\w.-]", lambda _: "_")
            return _replaced("topic", config, ROUTERS[BY_TABLE], legal)
    raise Unmapped(f"{STRATEGY} ({strategy})")


def _legal(name: str, illegal: str, replacement: Callable[[str], str]) -> str:
    """Returns the name with every illegal character replaced, as Debezium does.

    Java's characters are units of UTF-16: one outside the Basic Multilingual Plane is two of them.
    """
    encoded = name.encode("utf-16-be")
    units = (chr(int.from_bytes(encoded[at : at + 2])) for at in range(0, len(encoded), 2))
    bad = re.compile(illegal, re.ASCII)
    legal = "".join(replacement(unit) if bad.match(unit) else unit for unit in units)
    return legal[:LONGEST]


def _replaced(where: str, settings: Mapping[str, str], keys: tuple[str, str], topic: str) -> str:
    pattern = java_pattern(f"{where}.{keys[0]}", settings.get(keys[0], ""))
    return replaced(pattern, settings.get(keys[1], ""), topic) or topic


def _condition(config: Mapping[str, str], transform: Transform) -> Callable[[str], bool] | None:
    """Returns which topics a transform applies to; None for a predicate that is not understood."""
    name = transform.settings.get("predicate", "")
    if not name:
        return lambda _topic: True
    predicate = _below(config, f"predicates.{name}.")
    if predicate.get("type") != TOPIC_MATCHES:
        return None
    pattern = java_pattern(f"predicates.{name}.pattern", predicate.get("pattern", ""))
    negated = transform.settings.get("negate", "false").lower() == "true"
    return lambda topic: (pattern.fullmatch(topic) is not None) != negated


def _below(config: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {
        key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)
    }
