"""Each way of being refused has its own cause. The words are those that librdkafka reported."""

from __future__ import annotations

import pytest

from support.clients import refusals
from support.clients.first_contact import first_contact
from support.clients.kafka_address import KafkaAddress
from support.clients.refusals import OTHER, refusal_of
from support.errors import StackError

HERE = KafkaAddress("localhost:9")
UNVERIFIED = (
    "SSL handshake failed: error:0A000086:SSL routines::certificate verify failed: broker "
    "certificate could not be verified, verify that ssl.ca.location is correctly configured or "
    "root CA certificates are installed (install ca-certificates package)"
)


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (
            "SASL authentication error: Authentication failed during authentication due to invalid "
            "credentials with SASL mechanism SCRAM-SHA-256",
            "a wrong user name or password",
        ),
        (
            "SASL SCRAM-SHA-512 mechanism handshake failed: Broker: Unsupported SASL mechanism: "
            "broker's supported mechanisms: PLAIN,SCRAM-SHA-256",
            "other SASL mechanisms: PLAIN,SCRAM-SHA-256",
        ),
        (
            "SASL SCRAM-SHA-256 mechanism handshake failed: Broker: Request not valid in current "
            "SASL state: broker's supported mechanisms: ",
            "the listener has no logins",
        ),
        (
            "Receive failed: error:0A000412:SSL routines::sslv3 alert bad certificate: SSL alert "
            "number 42",
            "wants a certificate of the client",
        ),
        (
            "Receive failed: error:0A000416:SSL routines::sslv3 alert certificate unknown: SSL "
            "alert number 46",
            "does not accept the client's certificate",
        ),
        (
            "Disconnected while requesting ApiVersion: might be caused by incorrect "
            "security.protocol configuration (connecting to a SSL listener?) or broker version is "
            "< 0.10 (see api.version.request)",
            "the listener speaks TLS, and this client does not",
        ),
        (
            "SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener?",
            "this client speaks TLS, and the listener does not",
        ),
        (
            "Disconnected: verify that security.protocol is correctly configured, broker might "
            "require SASL authentication",
            "wants a login",
        ),
        (
            "Failed to acquire SASL OAUTHBEARER token: Failed to connect to 127.0.0.1 port 1 after "
            "0 ms: Could not connect to server",
            "the token endpoint",
        ),
        ("Failed to resolve 'nowhere:9092': Name or service not known", "host name"),
        ("Connect to ipv4#127.0.0.1:9 failed: Connection refused", "a firewall"),
        (UNVERIFIED, "an authority that this client does not trust"),
    ],
)
def test_every_refusal_has_a_cause(words: str, cause: str) -> None:
    refusal = refusal_of(words)
    assert cause in refusal.explained(HERE, words).cause
    assert (refusal is OTHER) == ("refused" in words)


@pytest.mark.parametrize(
    ("trouble", "cause"),
    [
        ("certificate has expired", "is not valid now"),
        (
            "Hostname mismatch, certificate is not valid for 'localhost'.",
            "not for the name in use: localhost",
        ),
        ("unable to get local issuer certificate", "does not trust (unable to get local issuer"),
    ],
)
def test_why_a_certificate_is_not_accepted(
    monkeypatch: pytest.MonkeyPatch, trouble: str, cause: str
) -> None:
    monkeypatch.setattr(refusals, "certificate_trouble", lambda *_: trouble)
    assert cause in refusal_of(UNVERIFIED).explained(HERE, UNVERIFIED).cause


def test_a_lost_connection_is_no_wrong_protocol() -> None:
    words = "SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener?"
    assert not refusal_of(words).confirmed(HERE)
    words = "Disconnected while requesting ApiVersion: (connecting to a SSL listener?)"
    assert not refusal_of(words).confirmed(HERE)


def test_an_address_that_can_t_be_resolved_is_reported_without_waiting() -> None:
    ipv4_only = KafkaAddress("[::1]:9", {"broker.address.family": "v4"})
    with pytest.raises(StackError) as refused:
        first_contact(ipv4_only)
    assert "has no address of the family in use" in str(refused.value)
