"""The embedded stack with replaceable settings, and a memory leak that counts as the broker's."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from support.clients.usage import Usage, usage_of_process
from support.experiment.experiment import Experiment
from support.stack.embedded.stack import EmbeddedStack
from support.stack.lifecycle import Component


class SabotagedStack(EmbeddedStack):
    """Runs the real processes."""

    leak_pid: int | None = None
    """Process whose memory is added to the broker's."""

    def configure(self, **parts: Mapping[str, str]) -> None:
        """Overrides settings of the baseline, by part; the running processes keep theirs."""
        changed = {
            part: {**getattr(self.baseline, part), **settings} for part, settings in parts.items()
        }
        self.baseline = dataclasses.replace(self.baseline, **changed)  # type: ignore[arg-type]

    def capture_into(self, trial: Experiment, **settings: str) -> None:
        """Makes new, empty topics of the experiment pass for those of the captured tables."""
        self.configure(connector={"topic.prefix": f"{trial.name}-uncaptured"})
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
