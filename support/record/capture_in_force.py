"""The settings that are in force for the producer and the converters of a connector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CONNECT_DEFAULTS = {
    "acks": "all",
    "enable.idempotence": "false",
    "max.in.flight.requests.per.connection": "1",
    "retries": "2147483647",
    "delivery.timeout.ms": "2147483647",
}
"""The settings that a worker of Kafka Connect gives the producer of a source task (by its log)."""

OWN_DEFAULT_POLICY = "All"
HIDDEN = "${"
"""Begins a value that the worker looks up elsewhere (a ConfigProvider)."""
POLICY = "connector.client.config.override.policy"
EXACTLY_ONCE = "exactly.once.source.support"
PERMITTED_TO_PRINCIPALS = ("sasl.jaas.config", "sasl.mechanism", "security.protocol")


@dataclass(frozen=True)
class Capture:
    """Settings of the connector and of its worker.

    `worker` is None where they are not known. `own`: the suite started both, so that Debezium has
    the version of this suite.
    """

    connector: Mapping[str, str]
    worker: Mapping[str, str] | None
    own: bool = True

    @property
    def pinned(self) -> bool:
        """Whether the version of Debezium, and with it its defaults, are known."""
        return self.own and self.worker is not None

    def producer(self) -> dict[str, tuple[str, str]]:
        """Returns setting of Connect's producer -> its value in force, and the key that set it."""
        found = {key: (value, f"Connect's {key}") for key, value in CONNECT_DEFAULTS.items()}
        for prefix, given in (
            ("producer.", self.worker or {}),
            ("producer.override.", self._permitted()),
        ):
            who = "connector" if prefix.endswith("override.") else "worker"
            for name, value in given.items():
                if name.startswith(prefix):
                    found[name.removeprefix(prefix)] = (value, f"{who} {name}")
        if self._exactly_once():
            found["enable.idempotence"] = ("true", f"worker {EXACTLY_ONCE}")
        return found

    def refused(self) -> tuple[str, ...]:
        """Returns the connector's overrides that its worker's policy refuses."""
        permitted = self._permitted()
        return tuple(
            name
            for name in self.connector
            if name.startswith("producer.override.") and name not in permitted
        )

    def converter(self, name: str) -> Mapping[str, str]:
        """Returns the settings of `key.converter` or `value.converter`.

        All come from the connector if it names a class, otherwise all come from the worker.
        """
        source = self.connector if name in self.connector else self.worker or {}
        return {key: value for key, value in source.items() if key.startswith(name)}

    def _permitted(self) -> Mapping[str, str]:
        worker = self.worker or {}
        policy = worker.get(POLICY, OWN_DEFAULT_POLICY)
        name = policy.rpartition(".")[2].removesuffix("ConnectorClientConfigOverridePolicy")
        if name == "None":
            return {}
        if name == "Principal":
            known = tuple(f"producer.override.{each}" for each in PERMITTED_TO_PRINCIPALS)
            return {key: value for key, value in self.connector.items() if key in known}
        return self.connector

    def _exactly_once(self) -> bool:
        return (self.worker or {}).get(EXACTLY_ONCE, "").lower() == "enabled"
