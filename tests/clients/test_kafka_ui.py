"""The client of Kafka UI against answers recorded from kafbat v1.0.0, and provectus' shape."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from support.clients.kafka_address import KafkaAddress
from support.clients.kafka_ui import KafkaUi
from support.errors import StackError

ONLINE = {"name": "kafka-validation", "status": "online", "brokerCount": 1, "version": "3.6-IV2"}
GROUP = {
    "groupId": "kafka-validation-1-reader",
    "members": 0,
    "topics": 1,
    "simple": False,
    "state": "EMPTY",
    "coordinator": {"id": 1, "host": "127.0.0.1", "port": 9092},
    "consumerLag": 1177,
    "partitions": [
        {"topic": "t", "partition": 0, "currentOffset": 10, "endOffset": 600, "consumerLag": 590},
        {"topic": "t", "partition": 1, "currentOffset": 13, "endOffset": 600, "consumerLag": 587},
        {"topic": "t", "partition": 2, "endOffset": 3, "consumerLag": None},
    ],
}
UNKNOWN: dict[str, Any] = {"groupId": "x", "state": "DEAD", "consumerLag": None, "partitions": []}


@contextmanager
def answering(answers: Mapping[str, Any]) -> Iterator[KafkaUi]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path in answers
            self.send_response(200 if known else 404)
            self.end_headers()
            self.wfile.write(json.dumps(answers.get(self.path, {})).encode())

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield KafkaUi(f"http://127.0.0.1:{server.server_port}/")
    finally:
        server.shutdown()
        server.server_close()


def paths(group: Mapping[str, Any], *clusters: Mapping[str, Any]) -> dict[str, Any]:
    name = "/api/clusters/kafka-validation/consumer-groups/g"
    return {"/api/clusters": list(clusters), name: group}


def test_the_lag_of_a_group_partition_by_partition() -> None:
    with answering(paths(GROUP, ONLINE)) as ui:
        assert ui.clusters() == ("kafka-validation",)
        assert ui.group_lag(KafkaAddress("127.0.0.1:9092"), "g") == {0: 590, 1: 587, 2: None}


def test_the_older_name_of_the_lag() -> None:
    old = {"partitions": [{"partition": 0, "messagesBehind": 7}]}
    with answering(paths(old, ONLINE)) as ui:
        assert ui.group_lag(KafkaAddress("127.0.0.1:9092"), "g") == {0: 7}


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (paths(UNKNOWN, ONLINE), "knows no group g"),
        (paths(GROUP, {**ONLINE, "status": "offline"}), "clusters online: none"),
        ({}, "can't be used"),
    ],
)
def test_what_does_not_help_is_explained(answers: Mapping[str, Any], message: str) -> None:
    with answering(answers) as ui, pytest.raises(StackError, match=message):
        ui.group_lag(KafkaAddress("127.0.0.1:9092"), "g")


def test_an_address_without_a_server() -> None:
    with pytest.raises(StackError, match="can't be used"):
        KafkaUi("http://127.0.0.1:9").clusters()
