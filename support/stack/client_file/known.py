"""Which settings client_config may have: those that say how a cluster is reached."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient

from support.clients.connection import client_config
from support.clients.kafka_address import KafkaAddress
from support.errors import SettingsError
from support.stack.client_file.java_names import INSTEAD, ONLY_JAVA
from support.stack.client_file.stores import existing

REACHING = (
    "security.",
    "sasl.",
    "ssl.",
    "enable.sasl.",
    "enable.ssl.",
    "socket.",
    "broker.address.",
    "client.id",
    "client.rack",
    "client.dns.",
    "api.version.",
    "broker.version.fallback",
    "connections.max.idle.ms",
    "receive.message.max.bytes",
)
"""Prefixes of librdkafka's settings about the connection to a broker."""

NAMES = (
    "security.protocol",
    "sasl.mechanisms",
    "sasl.mechanism",
    "sasl.username",
    "sasl.password",
    "sasl.oauthbearer.method",
    "sasl.oauthbearer.config",
    "sasl.oauthbearer.client.id",
    "sasl.oauthbearer.client.secret",
    "sasl.oauthbearer.scope",
    "sasl.oauthbearer.extensions",
    "sasl.oauthbearer.token.endpoint.url",
    "enable.sasl.oauthbearer.unsecure.jwt",
    "ssl.ca.location",
    "ssl.ca.pem",
    "ssl.certificate.location",
    "ssl.certificate.pem",
    "ssl.key.location",
    "ssl.key.pem",
    "ssl.key.password",
    "ssl.keystore.location",
    "ssl.keystore.password",
    "ssl.crl.location",
    "ssl.cipher.suites",
    "ssl.endpoint.identification.algorithm",
    "enable.ssl.certificate.verification",
    "broker.address.family",
    "client.id",
    "client.rack",
    "client.dns.lookup",
    "socket.timeout.ms",
    "socket.keepalive.enable",
    *ONLY_JAVA,
)
"""Names to suggest for a name that nobody knows."""

ADDRESS = ("bootstrap.servers", "metadata.broker.list")
GROUP = ("group.id", "group.instance.id")
FILES = (
    "ssl.ca.location",
    "ssl.certificate.location",
    "ssl.key.location",
    "ssl.keystore.location",
    "ssl.crl.location",
)
UNKNOWN = "No such configuration property"
NOWHERE = "127.0.0.1:9"
QUOTABLE = re.compile(r"[a-z]+(\.[a-z]+)+")
"""A name that can't be a part of a secret which is in the wrong place."""


def check_names(given: Mapping[str, str], lines: Mapping[str, int]) -> None:
    """Raises SettingsError for a setting that is not about reaching a cluster, or is unknown.

    `lines`: setting -> the number of its line.
    """
    for key in given:
        if key.startswith(REACHING) or key in ONLY_JAVA or key in INSTEAD:
            continue
        if key in ADDRESS:
            raise _refused(key, "the address is another setting", "-D bootstrap=HOST:PORT")
        if key in GROUP:
            raise _refused(key, "each scenario has groups of its own names", "leave it out")
        if _is_known(key):
            raise _refused(
                key,
                "it does not say how the cluster is reached, and the suite judges or sets it",
                f"leave it out, or use -D producer.{key}=... or -D consumer.{key}=...",
            )
        raise _unknown(key, lines)


def check_values(settings: Mapping[str, str], lines: Mapping[str, int]) -> dict[str, str]:
    """The settings with absolute paths. Raises SettingsError if librdkafka refuses them.

    `lines`: setting -> the number of its line.
    """
    checked = dict(settings)
    for key in FILES:
        if checked.get(key, "probe") != "probe":
            checked[key] = str(existing(key, checked[key]))
    _check_protocol(checked)
    try:
        AdminClient(client_config(KafkaAddress(NOWHERE, checked)))
    except (KafkaException, TypeError, ValueError) as error:
        words = error.args[0].str() if isinstance(error, KafkaException) else str(error)
        if UNKNOWN in words:
            raise _unknown(words.rpartition(UNKNOWN)[2].strip(' :"'), lines) from None
        seen = KafkaAddress("", checked).without_secrets(words)
        raise SettingsError(
            "librdkafka refuses a setting of client_config.",
            seen=seen.removeprefix("Failed to create admin client: "),
        ) from None
    return checked


def _check_protocol(settings: Mapping[str, str]) -> None:
    """Raises SettingsError if the client would not use the security that the settings describe."""
    protocol = settings.get("security.protocol", "plaintext").lower()
    for prefix in ("sasl", "ssl"):
        given = sorted(key for key in settings if key.startswith(f"{prefix}."))
        if given and prefix not in protocol:
            name = given[0] if QUOTABLE.fullmatch(given[0]) else f"a setting {prefix}.*"
            raise SettingsError(
                f"client_config has {name}, which security.protocol={protocol} does not use.",
                wanted="security.protocol=SASL_SSL, SASL_PLAINTEXT or SSL",
            )
    if "sasl" in protocol and "sasl.mechanisms" not in settings:
        raise SettingsError(
            "client_config does not say which SASL mechanism to use.",
            wanted="sasl.mechanism=SCRAM-SHA-512, SCRAM-SHA-256, PLAIN or OAUTHBEARER",
        )


def _is_known(key: str) -> bool:
    """Whether librdkafka has a setting of that name, whatever its values are."""
    if key.endswith("_cb") or key in ("plugin.library.paths", "logger", "opaque"):
        return True
    try:
        Producer(client_config(KafkaAddress(NOWHERE), {key: "x"}))
    except KafkaException as error:
        return UNKNOWN not in error.args[0].str()
    except (TypeError, ValueError, AttributeError):
        return True
    return True


def _refused(key: str, cause: str, then: str) -> SettingsError:
    return SettingsError(f"client_config can't have {key}.", cause=cause, then=then)


def _unknown(key: str, lines: Mapping[str, int]) -> SettingsError:
    near = difflib.get_close_matches(key, NAMES, 1, 0.6)
    where = f" in line {lines[key]}" if key in lines else ""
    name = f" '{key}'" if QUOTABLE.fullmatch(key) else ""
    return SettingsError(
        f"client_config has an unknown setting{name}{where}.",
        then=f"did you mean {near[0]}?" if near else "see librdkafka's CONFIGURATION.md",
    )
