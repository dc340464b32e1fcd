"""Watches the stack while a load runs: resources of every part, and the broker's JMX."""

from __future__ import annotations

from support.checks.resources import broker_within_limits, jmx_measured, resources_measured
from support.clients.usage import Usage, usage_of_process
from support.experiment.experiment import Trial
from support.metrics.jmx import JmxSampler
from support.metrics.sampler import ResourceSampler
from support.results.measurements import BrokerJmx, ComponentUsage
from support.stack.capabilities import JmxAccess, ResourceUsage

BROKER = "broker"


class StackWatch:
    """From start() to stop(); what was seen becomes facts and checks of the trial."""

    def __init__(self, trial: Trial, generator_pid: int | None = None) -> None:
        self._trial, stack = trial, trial.stack
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
        if self._resources:
            self._trial.cleanup.callback(self._resources.stop)
            self._resources.start()
        if self._jmx:
            self._trial.cleanup.callback(self._jmx.stop)
            self._jmx.start()

    def stop(self, seconds: float) -> ComponentUsage | None:
        """End watching a load that took about `seconds`; the broker's usage."""
        wanted = max(1, int(seconds) // 2)
        usage = self._resources.stop() if self._resources else {}
        jmx: BrokerJmx | None = self._jmx.stop() if self._jmx else None
        trial = self._trial
        trial.facts |= {"resources": usage, "jmx": jmx}
        if self._jmx:
            trial.judge(jmx_measured(jmx, wanted, self._jmx.trouble))
        trial.judge(
            resources_measured(usage, wanted, self._resources.trouble if self._resources else None),
            *broker_within_limits(usage.get(BROKER)),
        )
        return usage.get(BROKER)
