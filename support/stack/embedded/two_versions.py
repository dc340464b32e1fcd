"""The versions before and after an upgrade of an isolated stack of local processes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from support.errors import StackError
from support.settings import Settings
from support.settings.versions import version_number
from support.stack.artefacts.files import StackFiles
from support.stack.artefacts.upgrades import after_upgrade
from support.stack.embedded.broker import EmbeddedBroker
from support.stack.embedded.connect import EmbeddedConnect
from support.stack.isolated import Version
from support.stack.processes.commands import run_to_end

LOGGED = re.compile(r"Kafka version: (\S+)")
TOOL = "org.apache.kafka.tools.FeatureCommand"
RELEASES_SINCE = (4, 0)
"""Kafka version whose tool takes a release; before, it takes a metadata version."""


class EmbeddedVersions:
    """Implements TwoVersions. `worker`: the Kafka Connect worker, once it was started."""

    def __init__(
        self,
        settings: Settings,
        broker: EmbeddedBroker,
        before: StackFiles,
        after: StackFiles,
        records: Path,
    ) -> None:
        self.worker: EmbeddedConnect | None = None
        self._settings = {Version.BEFORE: settings, Version.AFTER: after_upgrade(settings)}
        self._files = {Version.BEFORE: before, Version.AFTER: after}
        self._broker, self._records = broker, records

    def names(self, which: Version) -> Mapping[str, str]:
        kafka = self._settings[which].kafka_version
        return {
            "kafka": kafka,
            "connect": kafka,
            "debezium": self._settings[which].debezium_version,
        }

    def use_broker(self, which: Version) -> None:
        self._broker.switch(self._files[which].jvm)

    def undo_broker(self) -> None:
        self._broker.switch_back()

    def use_worker(self, which: Version) -> None:
        if self.worker is None:
            raise StackError("The isolated stack has no Kafka Connect worker to upgrade.")
        self.worker.switch(self._files[which].jvm, self._files[which].plugins)

    def broker_version(self) -> str:
        found = LOGGED.findall(self._broker.log.read_text(errors="replace"))
        return found[-1] if found else ""

    def finalise(self, within: timedelta) -> str:
        command = self._files[Version.AFTER].jvm.command(
            TOOL,
            ["--bootstrap-server", self._broker.kafka.bootstrap, "upgrade", *self._level()],
            heap="256m",
            log="features.log",
        )
        folder = self._broker.site.folder
        done = run_to_end("kafka-features", command, folder, self._records, within)
        if done.code != 0:
            raise StackError("metadata.version was not finalised.", seen=done.words.strip()[-800:])
        return done.words.strip()

    def _level(self) -> list[str]:
        """The level that the tool gets: the newest of the release after the upgrade."""
        version = version_number(self._settings[Version.AFTER].kafka_version)
        name = "--release-version" if version >= RELEASES_SINCE else "--metadata"
        return [name, ".".join(map(str, version[:2]))]
