"""The Baseline Configuration: the settings under validation, read from the folder `baseline/`.

Every line there has its reason as the comment above it. All targets use the same files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from support.errors import SettingsError
from support.settings import ROOT

FOLDER = ROOT / "baseline"


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

    @classmethod
    def load(cls, overrides: Mapping[str, Mapping[str, str]], folder: Path = FOLDER) -> Baseline:
        """Read the five files and lay `overrides` (part -> key -> value) over them.

        Raises SettingsError when a file is missing or can't be read as what it is.
        """

        def changed(part: str, pairs: Mapping[str, str]) -> dict[str, str]:
            return {**pairs, **overrides.get(part, {})}

        try:
            return cls(
                broker=changed("broker", read_properties(folder / "broker.properties")),
                topic=changed("topic", read_properties(folder / "topics.properties")),
                connector=changed(
                    "connector", json.loads((folder / "connector.json").read_text())["config"]
                ),
                worker=read_properties(folder / "connect-worker.properties"),
                producer=changed("producer", read_properties(folder / "producer.properties")),
                consumer=changed("consumer", read_properties(folder / "consumer.properties")),
                schema_sql=(folder / "schema.sql").read_text(),
            )
        except (OSError, ValueError, KeyError) as error:
            raise SettingsError(
                f"The Baseline Configuration in {folder} can't be read.",
                seen=f"{type(error).__name__}: {error}",
                then="restore the folder from version control and change one line at a time",
            ) from error


def read_properties(path: Path) -> dict[str, str]:
    """The `key=value` lines of a file; `#` starts a comment line. Raises ValueError on others."""
    pairs = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        key, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"{path.name}:{number}: '{text}' is not key=value")
        pairs[key.strip()] = value.strip()
    return pairs


def write_properties(path: Path, pairs: Mapping[str, str]) -> None:
    """Write `pairs` in the form that Kafka reads."""
    path.write_text("".join(f"{key}={value}\n" for key, value in pairs.items()))
