"""The Baseline Configuration: the settings under validation, from the folder `baseline/`.

The comment above each line there gives its reason. All targets use the same files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from support.errors import SettingsError
from support.java_properties import read_properties
from support.settings import ROOT

FOLDER = ROOT / "baseline"

CDC_TABLES = ("public.videos", "public.users", "public.comments")
"""The tables of `schema.sql`, whose changes are captured."""

RESERVED = {
    "broker": (
        "process.roles",
        "node.id",
        "broker.id",
        "controller.quorum.",
        "controller.listener",
        "listeners",
        "advertised.listeners",
        "listener.security.",
        "log.dir",
    ),
    "connector": (
        "database.hostname",
        "database.port",
        "database.user",
        "database.password",
        "database.dbname",
    ),
    "worker": (
        "bootstrap.servers",
        "group.id",
        "listeners",
        "rest.",
        "plugin.path",
        "config.storage.topic",
        "offset.storage.topic",
        "status.storage.topic",
    ),
    "producer": ("bootstrap.servers", "metadata.broker.list", "request.required.acks"),
    "consumer": ("bootstrap.servers", "metadata.broker.list", "group.id", "auto.commit.enable"),
}
"""Prefixes of keys that a run sets itself, and aliases of acks and enable.auto.commit, because
checks read only the canonical names."""

PROVIDED = re.compile(r"\$\{\w+:[^}]+\}")
"""A reference to a value that a config provider of Kafka Connect looks up."""

WHOLE = ("partitions", "replication.factor")
"""Keys of a topic that are not settings of Kafka, so that Kafka does not validate them."""


@dataclass(frozen=True)
class Baseline:
    """The settings of each part, with the overrides of this run."""

    broker: Mapping[str, str]
    topic: Mapping[str, str]
    connector: Mapping[str, str]
    worker: Mapping[str, str]
    producer: Mapping[str, str]
    consumer: Mapping[str, str]
    schema_sql: str

    def __post_init__(self) -> None:
        for key in WHOLE:
            value = self.topic.get(key, "1")
            # -1 means the broker's default.
            if not (value == "-1" or (value.isdecimal() and int(value) > 0)):
                raise SettingsError(
                    f"The setting topic.{key} is a whole number above 0, or -1.",
                    seen=value,
                    cause=f"a line in baseline/topics.properties or a -D topic.{key} override",
                )

    @property
    def cdc_topics(self) -> tuple[str, ...]:
        """The topic of each captured table, as Debezium names it."""
        return tuple(f"{self.connector['topic.prefix']}.{table}" for table in CDC_TABLES)

    @classmethod
    def load(cls, overrides: Mapping[str, Mapping[str, str]], folder: Path = FOLDER) -> Baseline:
        """Reads the files, and replaces what `overrides` (part -> key -> value) has.

        Raises SettingsError if a file is missing or invalid.
        """
        _check_reserved(overrides)

        def changed(part: str, pairs: Mapping[str, str]) -> dict[str, str]:
            return {**pairs, **overrides.get(part, {})}

        def text(name: str) -> str:
            return (folder / name).read_text(encoding="utf-8")

        try:
            worker = changed("worker", read_properties(folder / "connect-worker.properties"))
            connector = changed("connector", json.loads(text("connector.json"))["config"])
            return cls(
                broker=changed("broker", read_properties(folder / "broker.properties")),
                topic=changed("topic", read_properties(folder / "topics.properties")),
                connector=with_converters(connector, worker),
                worker=worker,
                producer=changed("producer", read_properties(folder / "producer.properties")),
                consumer=changed("consumer", read_properties(folder / "consumer.properties")),
                schema_sql=text("schema.sql"),
            )
        except (OSError, ValueError, KeyError) as error:
            raise SettingsError(
                f"The Baseline Configuration in {folder} can't be read.",
                seen=f"{type(error).__name__}: {error}",
                then="restore the folder from version control and change one line at a time",
            ) from error


def _check_reserved(overrides: Mapping[str, Mapping[str, str]]) -> None:
    """Raises SettingsError for a key that can't be overridden.

    A password may be one that the worker's config provider looks up (KIP-297).
    """
    for part, keys in overrides.items():
        for key, value in keys.items():
            looked_up = key == "database.password" and PROVIDED.fullmatch(value)
            if key.startswith(RESERVED.get(part, ("\n",))) and not looked_up:
                raise SettingsError(
                    f"The setting {part}.{key} can't be overridden.",
                    cause="the run sets it itself, or it is another name of a setting",
                    then="addresses and folders: see README.md; else use the usual name "
                    "(acks, enable.auto.commit)",
                )


def with_converters(connector: Mapping[str, str], worker: Mapping[str, str]) -> dict[str, str]:
    """The connector's settings, with the worker's converter if they change only a part of it.

    Without the converter's class Connect would ignore that part.
    """
    inherited: dict[str, str] = {}
    for name in ("key.converter", "value.converter"):
        if name not in connector and any(key.startswith(f"{name}.") for key in connector):
            inherited |= {key: value for key, value in worker.items() if key.startswith(name)}
    return {**inherited, **connector}
