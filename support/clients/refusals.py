"""Why brokers refuse clients: what librdkafka reports, the cause, and what to change.

The words are those of librdkafka 2.8, seen with Kafka 3.6 for each case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from support.clients.api_versions import features_of
from support.clients.kafka_address import KafkaAddress
from support.clients.raw_connection import certificate_trouble, speaks_tls

PROBE = timedelta(seconds=3)
FILE = "in the file of -D client_config"


@dataclass(frozen=True)
class Refusal:
    """A pattern of librdkafka's words, with the likely cause, and the next step."""

    pattern: str
    cause: str
    then: str

    def confirmed(self, kafka: KafkaAddress) -> bool:
        """Whether it is no lost connection: a broker that stops looks as if it spoke no TLS."""
        if self is SPEAKS_TLS:
            return speaks_tls(kafka, PROBE)
        if self is SPEAKS_PLAIN:
            return _answers_in_plain_text(kafka)
        return self is not OTHER

    def explained(self, kafka: KafkaAddress, words: str) -> Refusal:
        """The refusal with the details of this one case."""
        if self is UNVERIFIED:
            return _of_certificate(certificate_trouble(kafka, PROBE), kafka)
        found = re.search(self.pattern, words)
        details = found.groupdict() if found else {}
        return replace(self, cause=self.cause.format(**details))


UNVERIFIED = Refusal(
    "certificate verify failed",
    "the broker's certificate was issued by an authority that this client does not trust",
    f"ssl.ca.location=FILE {FILE}, with the certificate of the authority",
)
SPEAKS_TLS = Refusal(
    r"connecting to a SSL listener",
    "the listener speaks TLS, and this client does not",
    f"security.protocol=SSL or SASL_SSL {FILE}",
)
SPEAKS_PLAIN = Refusal(
    r"connecting to a PLAINTEXT broker listener|wrong version number|packet length too long",
    "this client speaks TLS, and the listener does not",
    f"security.protocol=PLAINTEXT or SASL_PLAINTEXT {FILE}, or the port of another listener",
)
OTHER = Refusal(
    "",
    "a wrong address, a firewall, or a broker that does not run",
    "give an address that can be reached from here: -D bootstrap=HOST:PORT",
)
REFUSALS = (
    Refusal(
        r"Unsupported SASL mechanism: broker's supported mechanisms: (?P<offered>[\w,-]*)",
        "the listener offers other SASL mechanisms: {offered}",
        f"sasl.mechanism=one of them {FILE}",
    ),
    Refusal(
        r"not valid in current SASL state",
        "this client logs in with SASL, and the listener has no logins",
        f"security.protocol=PLAINTEXT or SSL {FILE}, or the port of another listener",
    ),
    Refusal(
        r"OAUTHBEARER token",
        "the token endpoint can't be reached, or it refuses this client",
        f"check sasl.oauthbearer.* {FILE}",
    ),
    Refusal(
        r"SASL authentication error|Authentication failed",
        "a wrong user name or password, or a user that this mechanism does not know",
        f"check sasl.username and sasl.password {FILE}",
    ),
    UNVERIFIED,
    Refusal(
        r"alert (?:bad certificate|certificate required|handshake failure)",
        "the listener wants a certificate of the client (mTLS), and got none that it trusts",
        f"ssl.certificate.location=FILE and ssl.key.location=FILE {FILE}, issued by an authority "
        "that the broker trusts",
    ),
    Refusal(
        r"alert (?:certificate unknown|certificate expired|unknown ca|certificate revoked"
        r"|unsupported certificate)",
        "the broker does not accept the client's certificate: it has expired, or was issued by an "
        "authority that the broker does not trust",
        "openssl x509 -noout -dates -issuer -in FILE, for the file of ssl.certificate.location",
    ),
    SPEAKS_TLS,
    SPEAKS_PLAIN,
    Refusal(
        r"might require SASL authentication",
        "the listener wants a login (SASL), and this client has none",
        f"security.protocol=SASL_SSL or SASL_PLAINTEXT, and sasl.mechanism {FILE}",
    ),
    Refusal(
        r"Failed to resolve",
        "a host name that does not exist, or has no address of the family in use",
        "give a name that can be resolved here: -D bootstrap=HOST:PORT",
    ),
)


def refusal_of(words: str) -> Refusal:
    """The first refusal whose pattern is in librdkafka's words; OTHER for a lost connection."""
    return next((each for each in REFUSALS if re.search(each.pattern, words)), OTHER)


def _answers_in_plain_text(kafka: KafkaAddress) -> bool:
    try:
        features_of(KafkaAddress(kafka.bootstrap), PROBE)
    except (OSError, ValueError):
        return False
    return True


def _of_certificate(trouble: str, kafka: KafkaAddress) -> Refusal:
    """The refusal of a broker's certificate. `trouble`: OpenSSL's words."""
    hosts = ", ".join(dict.fromkeys(host for host, _ in kafka.servers))
    if "expired" in trouble or "not yet valid" in trouble:
        return replace(
            UNVERIFIED,
            cause=f"the broker's certificate is not valid now ({trouble}), or this host's clock is "
            "wrong",
            then="renew the broker's certificate",
        )
    if "mismatch" in trouble.lower():
        return replace(
            UNVERIFIED,
            cause=f"the broker's certificate is not for the name in use: {hosts}",
            then="-D bootstrap=HOST:PORT with a name in the certificate, or "
            f"ssl.endpoint.identification.algorithm=none {FILE}",
        )
    if trouble:
        return replace(UNVERIFIED, cause=f"{UNVERIFIED.cause} ({trouble})")
    return UNVERIFIED
