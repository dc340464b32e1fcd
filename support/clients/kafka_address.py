"""The address of a Kafka cluster for clients, with the settings that its security asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from support.record.secrets import HIDDEN, without_secrets

USUAL_PORT = 9092
READY_TOPIC = "kafka-validation-ready"
"""The topic by which readiness is proven on a stack that the suite starts."""
SERVER = re.compile(
    r"(?:\w+://)?(?:\[(?P<ipv6>[0-9A-Fa-f:.]+(?:%\w+)?)\]|(?P<name>[^\s:,/\[\]]+))(?::(?P<port>\d+))?"
)


@dataclass(frozen=True)
class KafkaAddress:
    """Where clients find a cluster. As text it is `bootstrap`; it never shows `security`.

    `bootstrap`: HOST:PORT of one or more brokers, separated by commas; an IPv6 address is in
    brackets. `security`: settings of librdkafka that every client needs for this cluster; they may
    hold secrets. `ready_topic`: the topic by which readiness is proven; on a cluster that others
    run each run has another one.
    """

    bootstrap: str
    security: Mapping[str, str] = field(default_factory=dict, repr=False)
    ready_topic: str = READY_TOPIC

    def __str__(self) -> str:
        return self.bootstrap

    def without_secrets(self, text: str) -> str:
        """`text`, such as an error of a client, with every secret of `security` hidden."""
        shown = without_secrets(self.security)
        for key, value in self.security.items():
            if value and shown[key] != value:
                text = text.replace(value, HIDDEN)
        return text

    @property
    def servers(self) -> tuple[tuple[str, int], ...]:
        """Host (an IPv6 address without brackets) and port of each bootstrap server.

        Raises ValueError, with the text that is not HOST:PORT.
        """
        return tuple(_server(each.strip()) for each in self.bootstrap.split(","))

    def at(self, host: str, port: int) -> KafkaAddress:
        """The address of one broker of the same cluster."""
        return replace(self, bootstrap=f"[{host}]:{port}" if ":" in host else f"{host}:{port}")


def _server(text: str) -> tuple[str, int]:
    found = SERVER.fullmatch(text)
    port = int(found["port"] or USUAL_PORT) if found else 0
    if found is None or not 0 < port < 65_536:
        raise ValueError(repr(text))
    return found["ipv6"] or found["name"], port
