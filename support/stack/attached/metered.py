"""A stack that others run, of whose broker the metrics can be read."""

from __future__ import annotations

from collections.abc import Mapping

from support.clients.broker_metrics import BrokerMetrics, broker_metrics
from support.clients.usage import Usage
from support.errors import Unavailable
from support.stack.attached.lacks import MEASURABLE, NOT_MEASURED
from support.stack.attached.stack import AttachedStack
from support.stack.lifecycle import Component


class MeteredStack(AttachedStack):
    """Implements ResourceUsage and JmxAccess with the endpoint of the setting kafka_metrics."""

    _metrics: BrokerMetrics | None = None
    """Known once start() has asked the endpoint; None without one."""

    def start(self) -> None:
        """Do what AttachedStack.start() does, then ask the endpoint. Raises StackError."""
        super().start()
        try:
            if self._settings.kafka_metrics:
                self._metrics = broker_metrics(self._settings.kafka_metrics)
        except BaseException:
            self.stop()
            raise

    def usage(self) -> Mapping[Component, Usage]:
        """The usage of the broker, by its metrics."""
        return {} if self._metrics is None else {Component.BROKER: self._metrics.usage()}

    def unmeasured(self) -> Mapping[str, str]:
        if self._metrics is None:
            return {Component.BROKER.value: f"{NOT_MEASURED}; {MEASURABLE}"}
        return self._metrics.unmeasured()

    def jmx_url(self) -> str:
        found = self._metrics.jmx_url if self._metrics else None
        if found is None:
            raise Unavailable("Jolokia's agent is not known.", then="-D kafka_metrics=URL")
        return found
