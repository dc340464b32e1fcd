"""Samples the stack while a load runs: the resources of every part, and the broker's JMX."""

from __future__ import annotations

from support.clients.usage import Usage, usage_of_process
from support.errors import words_of
from support.experiment.experiment import Experiment
from support.metrics.jmx import JmxSampler
from support.metrics.sampler import ResourceSampler
from support.promises.performance import (
    BROKER_CPU,
    BROKER_MEMORY,
    JMX_MEASURED,
    RESOURCES_MEASURED,
)
from support.record.resources import JMX, RESOURCES, JmxRecord, ResourcesRecord
from support.stack.capabilities import JmxAccess, ResourceUsage


class StackWatch:
    """Samples from start() to stop(), and records the samples."""

    def __init__(self, experiment: Experiment, generator_pid: int | None = None) -> None:
        self._experiment, stack = experiment, experiment.stack
        self._resources: ResourceSampler | None = None
        self._jmx: JmxSampler | None = None
        if isinstance(stack, ResourceUsage):
            source = stack

            def read() -> dict[str, Usage]:
                parts = {which.value: usage for which, usage in source.usage().items()}
                ours = usage_of_process(generator_pid) if generator_pid else None
                return {**parts, "generator": ours} if ours else parts

            self._resources = ResourceSampler(read)
        if isinstance(stack, JmxAccess):
            self._jmx = JmxSampler(stack.jmx_url())

    def start(self) -> None:
        """Starts the samplers, which the clean-up ends at the latest."""
        if self._resources:
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
        resources, jmx, record = self._resources, self._jmx, self._experiment.record
        usage = resources.stop() if resources else {}
        trouble = words_of(resources.trouble) if resources else ""
        record.write(RESOURCES, ResourcesRecord(usage, wanted, trouble))
        self._experiment.verdicts.judge(RESOURCES_MEASURED, BROKER_MEMORY, BROKER_CPU)
        if jmx:
            record.write(JMX, JmxRecord(jmx.stop(), wanted, words_of(jmx.trouble)))
            self._experiment.verdicts.judge(JMX_MEASURED)
