"""The files of the embedded stack, from the locks that the settings name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from support.progress import Progress
from support.settings import Settings
from support.stack.artefacts.fetch import fetch, unpack
from support.stack.artefacts.lockfile import Lock
from support.stack.artefacts.pairs import check_pair
from support.stack.artefacts.platform import java
from support.stack.embedded.jvm import Jvm

JOLOKIA = "jolokia-2.1.2"


@dataclass(frozen=True)
class StackFiles:
    """Java with Kafka's jars, and the folder of the Debezium plugin."""

    jvm: Jvm
    plugins: Path


def fetch_stack_files(settings: Settings, progress: Progress) -> StackFiles:
    """Verifies the files, and downloads missing ones.

    Raises StackError, or SettingsError for versions without a lock file and for a pair that can't
    work.
    """
    kafka = Lock.read(f"kafka-{settings.kafka_version}")
    debezium = Lock.read(f"debezium-{settings.debezium_version}")
    if not settings.allow_broken_pair:
        check_pair(settings.kafka_version, settings.debezium_version)
    cache, mirror = settings.cache, settings.maven_mirror
    jars = fetch(kafka, cache, mirror, progress)
    agent = fetch(Lock.read(JOLOKIA), cache, mirror, progress)[0]
    archive = fetch(debezium, cache, mirror, progress)[0]
    return StackFiles(Jvm(java(), tuple(jars), agent), unpack(debezium, archive, cache))
