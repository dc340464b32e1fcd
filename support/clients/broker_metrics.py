"""The resources of one broker, read from its metrics: Jolokia (JMX over HTTP) or Prometheus."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Protocol

from support.clients.jolokia_metrics import JolokiaMetrics
from support.clients.metrics_page import read_page
from support.clients.prometheus import PrometheusMetrics, samples
from support.clients.usage import Usage
from support.errors import StackError
from support.record.secrets import bare_url


class BrokerMetrics(Protocol):
    """One broker's metrics. Methods raise StackError if they can't be read."""

    jmx_url: str | None
    """Where Jolokia answers; None for Prometheus."""

    def check(self) -> None:
        """Raises StackError if the metrics are not those of a broker's process."""

    def usage(self) -> Usage:
        """The usage of the broker's process now."""

    def unmeasured(self) -> Mapping[str, str]:
        """Unmeasured part (see record/resources.py) -> why."""


def broker_metrics(url: str) -> BrokerMetrics:
    """Returns the metrics at a URL, of the kind that its answer shows.

    Raises StackError if it does not answer, or with neither of both.
    """
    page = read_page(url)
    found: BrokerMetrics | None = None
    if _is_jolokia(page):
        found = JolokiaMetrics(url)
    elif any(samples(page)):
        found = PrometheusMetrics(url)
    if found is None:
        raise StackError(
            f"{bare_url(url)} offers no metrics.",
            seen=" ".join(page.split())[:200] or "an empty page",
            wanted="Jolokia (http://HOST:8778/jolokia/) or Prometheus (http://HOST:7071/metrics)",
            then="-D kafka_metrics=URL",
        )
    found.check()
    return found


def _is_jolokia(page: str) -> bool:
    try:
        answer = json.loads(page)
    except ValueError:
        return False
    value = answer.get("value") if isinstance(answer, dict) else None
    return isinstance(value, dict) and "agent" in value
