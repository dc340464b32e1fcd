"""A stack that others run, of whose broker the metrics can be read."""

from __future__ import annotations

from collections.abc import Mapping

from support.clients.usage import Usage
from support.stack.attached.stack import AttachedStack
from support.stack.lifecycle import Component


class MeteredStack(AttachedStack):
    """Implements ResourceUsage and JmxAccess with the endpoint of the setting kafka_metrics."""

    def usage(self) -> Mapping[Component, Usage]:
        """Returns the usage of the broker, by its metrics."""
        return self._meter.usage()

    def unmeasured(self) -> Mapping[str, str]:
        return self._meter.unmeasured()

    def jmx_url(self) -> str:
        return self._meter.jmx_url()
