"""Samples the stack while a load runs: the resources of every part, and the broker's JMX."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from support.clients.usage import Usage, usage_of_process
from support.errors import Unavailable, words_of
from support.experiment.experiment import Experiment
from support.metrics.jmx import JmxSampler
from support.metrics.sampler import ResourceSampler
from support.promises.performance import (
    BROKER_CPU,
    BROKER_MEMORY,
    JMX_MEASURED,
    RESOURCES_MEASURED,
)
from support.record.resources import BROKER, JMX, RESOURCES, JmxRecord, ResourcesRecord
from support.stack.capabilities import JmxAccess, ResourceUsage, lack_of, needed
from support.stack.lifecycle import Stack


class StackWatch:
    """Samples from start() to stop(), and records the samples."""

    def __init__(self, experiment: Experiment, generator_pid: int | None = None) -> None:
        self._experiment, stack = experiment, experiment.stack
        self._jmx: JmxSampler | None = None

        def read() -> dict[str, Usage]:
            theirs = stack.usage() if isinstance(stack, ResourceUsage) else {}
            parts = {which.value: usage for which, usage in theirs.items()}
            ours = usage_of_process(generator_pid) if generator_pid else None
            return {**parts, "generator": ours} if ours else parts

        self._resources = ResourceSampler(read)
        with suppress(Unavailable):
            self._jmx = JmxSampler(needed(stack, JmxAccess).jmx_url())

    def start(self) -> None:
        """Starts the samplers, which the clean-up ends at the latest."""
        self._experiment.cleanup.callback(self._resources.stop)
        self._resources.start()
        if self._jmx:
            self._experiment.cleanup.callback(self._jmx.stop)
            self._jmx.start()

    def stop(self, seconds: float) -> None:
        """Ends the samplers, records the samples and judges the broker's memory and CPU.

        `seconds`: how long the load took; half as many samples are wanted.
        """
        wanted = max(1, int(seconds) // 2)
        jmx, record = self._jmx, self._experiment.record
        usage, trouble = self._resources.stop(), words_of(self._resources.trouble)
        lacking = unmeasured(self._experiment.stack)
        record.write(RESOURCES, ResourcesRecord(usage, wanted, trouble, lacking))
        self._experiment.verdicts.judge(RESOURCES_MEASURED, BROKER_MEMORY, BROKER_CPU)
        if jmx:
            record.write(JMX, JmxRecord(jmx.stop(), wanted, words_of(jmx.trouble)))
            self._experiment.verdicts.judge(JMX_MEASURED)


def unmeasured(stack: Stack) -> Mapping[str, str]:
    """Returns what can't be measured on a stack, and why: see ResourcesRecord."""
    if isinstance(stack, ResourceUsage):
        return stack.unmeasured()
    lack = lack_of(stack, ResourceUsage)
    return {BROKER: f"{lack.cause}; next: {lack.then}" if lack.then else lack.cause}
