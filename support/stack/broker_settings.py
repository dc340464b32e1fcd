"""Checks that the broker knows the settings that the user overrides."""

from __future__ import annotations

from collections.abc import Mapping

from support.clients.broker import BrokerClient
from support.stack.known_settings import unknown_setting

OF_PLUGINS = ("allow.everyone.if.no.acl.found", "super.users", "listener.name.", "confluent.")
"""Prefixes of settings that belong to plugins or listeners: the broker does not list them."""

SECRET = (
    "password",
    "secret",
    "jaas.config",
    "keystore.key",
    "certificate.chain",
    "certificates",
    "master.key",
)
"""Suffixes of settings whose value the broker never reports."""


def check_broker_settings(client: BrokerClient, overrides: Mapping[str, str]) -> None:
    """Raises SettingsError for a key that the broker does not know.

    Kafka accepts a misspelt key silently, and then reports the key without a value.
    """
    in_force = client.broker_config()
    for key in overrides:
        if key.startswith(OF_PLUGINS) or key.endswith(SECRET):
            continue
        if key not in in_force or in_force[key].value is None:
            known = frozenset(name for name, e in in_force.items() if e.value is not None)
            raise unknown_setting("Kafka", "broker", key, known, "broker setting")
