"""The Baseline Configuration: the settings under validation, read from the folder `baseline/`.

Every line there has its reason as the comment above it. All targets use the same files.
"""

from __future__ import annotations

import json
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
"""Beginnings of keys that a run decides itself, or that are second names of a key (acks,
enable.auto.commit) under which its effect would not be noticed."""

WHOLE = ("partitions", "replication.factor")
"""What of a topic is no setting of Kafka's, so that Kafka is never asked about it."""


@dataclass(frozen=True)
class Baseline:
    """Key-value pairs for each part, with the overrides of this run already applied."""

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
            # -1 is Kafka's number for the broker's own default.
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
        """Read the five files and lay `overrides` (part -> key -> value) over them.

        Raises SettingsError when a file is missing or can't be read as what it is.
        """

        for part, keys in overrides.items():
            for key in keys:
                if key.startswith(RESERVED.get(part, ("\n",))):
                    raise SettingsError(
                        f"The setting {part}.{key} can't be overridden.",
                        cause="the run sets it itself, or it is another name of a setting",
                        then="addresses and folders: see README.md; else use the usual name "
                        "(acks, enable.auto.commit)",
                    )

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


def with_converters(connector: Mapping[str, str], worker: Mapping[str, str]) -> dict[str, str]:
    """The connector with the worker's converter where it changes only a part of its settings:
    without a class of its own Connect would not look at that part."""
    inherited: dict[str, str] = {}
    for name in ("key.converter", "value.converter"):
        if name not in connector and any(key.startswith(f"{name}.") for key in connector):
            inherited |= {key: value for key, value in worker.items() if key.startswith(name)}
    return {**inherited, **connector}
