"""The features of a broker are read from its answer to ApiVersions."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import pytest

from support.clients.api_versions import Features, features_of
from support.clients.kafka_address import KafkaAddress

WITHIN = timedelta(seconds=5)
API = b"\x00\x12\x00\x00\x00\x04\x00"
"""ApiVersions, versions 0 to 4, without tags."""


def level(name: bytes, first: int, second: int) -> bytes:
    return bytes([len(name) + 1]) + name + struct.pack(">hhb", first, second, 0)


def tag(number: int, content: bytes) -> bytes:
    return bytes([number, len(content)]) + content


SUPPORTED = tag(0, b"\x03" + level(b"metadata.version", 1, 14) + level(b"group.version", 0, 1))
EPOCH = tag(1, struct.pack(">q", 7))
FINALIZED = tag(2, b"\x02" + level(b"metadata.version", 13, 1))
ANSWER = struct.pack(">ih", 0, 0) + b"\x02" + API + struct.pack(">i", 0)


@contextmanager
def broker(answer: bytes, *, length: int | None = None) -> Iterator[KafkaAddress]:
    """A server that answers one request."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            peer, _ = server.accept()
            with peer:
                (size,) = struct.unpack(">i", peer.recv(4))
                assert peer.recv(size)[:4] == struct.pack(">hh", 18, 3)
                peer.sendall(struct.pack(">i", len(answer) if length is None else length))
                peer.sendall(answer)

        Thread(target=serve, daemon=True).start()
        yield KafkaAddress(f"127.0.0.1:{server.getsockname()[1]}")


def test_the_levels_of_software_and_cluster_are_read() -> None:
    with broker(ANSWER + b"\x03" + SUPPORTED + EPOCH + FINALIZED) as kafka:
        found = features_of(kafka, WITHIN)
    assert found.supported == {"metadata.version": 14, "group.version": 1}
    assert found.finalized == {"metadata.version": 13}


def test_a_broker_without_features_has_none() -> None:
    with broker(ANSWER + b"\x00") as kafka:
        assert features_of(kafka, WITHIN) == Features({}, {})


def test_a_broker_that_does_not_know_the_version_has_none() -> None:
    unsupported = struct.pack(">ihi", 0, 35, 1) + b"\x00\x12\x00\x00\x00\x02"
    with broker(unsupported) as kafka:
        assert features_of(kafka, WITHIN) == Features({}, {})


@pytest.mark.parametrize("answer", [ANSWER[:-2], ANSWER + b"\x01\x00\x05\x03\x20me"])
def test_an_answer_that_is_cut_off_is_refused(answer: bytes) -> None:
    with broker(answer) as kafka, pytest.raises(ValueError, match="cut off"):
        features_of(kafka, WITHIN)


def test_a_server_of_another_protocol_is_refused() -> None:
    with broker(b"", length=0x48545450) as kafka, pytest.raises(ValueError, match="not Kafka's"):
        features_of(kafka, WITHIN)


def test_without_a_server_there_is_an_error() -> None:
    with pytest.raises(OSError, match="refused"):
        features_of(KafkaAddress("127.0.0.1:9,127.0.0.1:9"), WITHIN)
