"""The embedded stack with settings that can be swapped, and a leak that counts as the broker's."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from support.clients.usage import Usage, usage_of_process
from support.experiment.experiment import Trial
from support.stack.embedded.stack import EmbeddedStack
from support.stack.ports import Component


class SabotagedStack(EmbeddedStack):
    """Real in every part."""

    leak_pid: int | None = None
    """A process that counts as a part of the broker."""

    def configure(self, **parts: Mapping[str, str]) -> None:
        """Settings over those of the baseline, by part; the running processes keep theirs."""
        changed = {
            part: {**getattr(self.baseline, part), **settings} for part, settings in parts.items()
        }
        self.baseline = dataclasses.replace(self.baseline, **changed)  # type: ignore[arg-type]

    def capture_into(self, trial: Trial, **settings: str) -> None:
        """From now on other topics, of the trial, pass for the captured ones; they are empty."""
        self.configure(connector={"topic.prefix": f"{trial.name}-nobody"})
        for topic in self.baseline.cdc_topics:
            trial.add_topic(topic, {**self.baseline.topic, **settings})

    def usage(self) -> Mapping[Component, Usage]:
        found = dict(super().usage())
        leak = usage_of_process(self.leak_pid) if self.leak_pid else None
        if leak and Component.BROKER in found:
            broker = found[Component.BROKER]
            memory = broker.memory_bytes + leak.memory_bytes
            found[Component.BROKER] = dataclasses.replace(broker, memory_bytes=memory)
        return found
