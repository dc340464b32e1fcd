"""The endpoint of a broker's metrics that the setting kafka_metrics names."""

from __future__ import annotations

from collections.abc import Mapping

from support.clients.broker_metrics import BrokerMetrics, broker_metrics
from support.clients.usage import Usage
from support.errors import Unavailable
from support.stack.attached.lacks import MEASURABLE, NOT_MEASURED
from support.stack.lifecycle import Component


class Meter:
    """Reads the usage of the broker from its metrics, once open() has found out what they are."""

    def __init__(self, url: str) -> None:
        """`url` is empty where no endpoint is known."""
        self._url = url
        self._metrics: BrokerMetrics | None = None

    def open(self) -> None:
        """Asks the endpoint what it is. Raises StackError if it can't be used."""
        if self._url:
            self._metrics = broker_metrics(self._url)

    def usage(self) -> Mapping[Component, Usage]:
        """Returns the usage of the broker; empty without an endpoint."""
        return {} if self._metrics is None else {Component.BROKER: self._metrics.usage()}

    def unmeasured(self) -> Mapping[str, str]:
        """Returns what can't be measured -> why."""
        if self._metrics is None:
            return {Component.BROKER.value: f"{NOT_MEASURED}; {MEASURABLE}"}
        return self._metrics.unmeasured()

    def jmx_url(self) -> str:
        """Returns the URL of Jolokia's agent. Raises Unavailable if there is none."""
        found = self._metrics.jmx_url if self._metrics else None
        if found is None:
            raise Unavailable("Jolokia's agent is not known.", then="-D kafka_metrics=URL")
        return found
