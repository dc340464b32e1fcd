"""A cluster that can't be used is reported in seconds, with the cause and without a secret."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
import trustme

from support import clock
from support.clients.first_contact import first_contact
from support.clients.kafka_address import KafkaAddress
from support.errors import StackError
from tests.clients.test_api_versions import ANSWER

AT_ONCE_S = 6
"""Seconds; without a cause the first contact takes ten."""

Serve = Callable[[socket.socket], None]


@contextmanager
def server(serve: Serve) -> Iterator[str]:
    """Serves every connection, one after the other; yields HOST:PORT."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                with closing(peer), suppress(OSError, struct.error):
                    peer.settimeout(2)
                    serve(peer)

        Thread(target=accept, daemon=True).start()
        yield f"localhost:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def tls(certificate: trustme.LeafCert) -> Serve:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)

    def serve(peer: socket.socket) -> None:
        with closing(context.wrap_socket(peer, server_side=True)) as secured:
            secured.recv(1)

    return serve


def plain(peer: socket.socket) -> None:
    """Answers ApiVersions as a broker does, and closes the connection on anything else."""
    (size,) = struct.unpack(">i", peer.recv(4))
    if peer.recv(min(size, 1000))[:2] == struct.pack(">h", 18):
        peer.sendall(struct.pack(">i", len(ANSWER) + 1) + ANSWER + b"\x00")


def refused(place: str, security: dict[str, str]) -> str:
    began = clock.now_ns()
    with pytest.raises(StackError) as error:
        first_contact(KafkaAddress(place, security))
    assert clock.now_ns() - began < AT_ONCE_S * clock.NS_PER_S
    return str(error.value)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(tmp_path: Path, authority: trustme.CA) -> dict[str, str]:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return {"security.protocol": "SSL", "ssl.ca.location": str(tmp_path / "ca.pem")}


def test_an_authority_that_is_not_trusted(trusting: dict[str, str]) -> None:
    with server(tls(trustme.CA().issue_cert("localhost"))) as place:
        assert "issued by an authority that this client does not trust" in refused(place, trusting)


def test_a_certificate_for_another_name(authority: trustme.CA, trusting: dict[str, str]) -> None:
    with server(tls(authority.issue_cert("kafka.example"))) as place:
        assert "not for the name in use: localhost" in refused(place, trusting)


def test_a_certificate_that_has_expired(authority: trustme.CA, trusting: dict[str, str]) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    expired = authority.issue_cert("localhost", not_before=past, not_after=past + timedelta(days=1))
    with server(tls(expired)) as place:
        assert "(certificate has expired)" in refused(place, trusting)


def test_a_listener_with_tls_for_a_client_without(authority: trustme.CA) -> None:
    with server(tls(authority.issue_cert("localhost"))) as place:
        assert "the listener speaks TLS, and this client does not" in refused(place, {})


def test_a_listener_without_tls_for_a_client_with_tls(trusting: dict[str, str]) -> None:
    with server(plain) as place:
        assert "this client speaks TLS, and the listener does not" in refused(place, trusting)


def test_a_token_that_can_t_be_had() -> None:
    words = refused(
        "127.0.0.1:9",
        {
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanisms": "OAUTHBEARER",
            "sasl.oauthbearer.method": "oidc",
            "sasl.oauthbearer.client.id": "id",
            "sasl.oauthbearer.client.secret": "hunter2",
            "sasl.oauthbearer.token.endpoint.url": "http://127.0.0.1:9/hunter2",
        },
    )
    assert "the token endpoint can't be reached" in words
    assert "hunter2" not in words
