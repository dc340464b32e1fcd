"""Looks at a stand-in of Kafka Connect: what it reports becomes the record."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from support.baseline import Baseline
from support.clients.connect_address import ConnectAddress
from support.stack.addresses import DatabaseAddress
from support.survey.connect import look_at_connect
from support.survey.findings import ConnectFound, Part

BASELINE = Baseline.load({})
PLUGIN = BASELINE.connector["connector.class"]
NOWHERE = DatabaseAddress(
    {"host": "127.0.0.1", "port": "9", "user": "u", "dbname": "app", "connect_timeout": "2"}
)
OF_THE_TEAM = {"connector.class": PLUGIN, "database.dbname": "app", "topic.prefix": "shop"}
ELSEWHERE = {**OF_THE_TEAM, "database.dbname": "other"}
STATUS = {
    "connector": {"state": "RUNNING"},
    "tasks": [{"state": "FAILED", "trace": "boom\n\tat a.b"}],
}
DECLARED = [{"name": key} for key in BASELINE.connector]

ANSWERS: dict[str, Any] = {
    "/": {"version": "3.6.1"},
    "/connector-plugins": [{"class": PLUGIN, "version": "2.5.4.Final"}],
    f"/connector-plugins/{PLUGIN}/config": DECLARED,
    "/connector-plugins/PostgresConnector/config/validate": {"configs": []},
    "/connectors": ["shop", "elsewhere", "kafka_validation_run_20260101_000000_1_1"],
    "/connectors/shop/config": OF_THE_TEAM,
    "/connectors/elsewhere/config": ELSEWHERE,
    "/connectors/shop/status": STATUS,
}


class Worker(HTTPServer):
    """Answers GET and validation; any other request is recorded as a change."""

    answers: Mapping[str, Any]
    changes: list[str]


class Answer(BaseHTTPRequestHandler):
    server: Worker

    def answered(self) -> None:
        known = self.path in self.server.answers
        body = json.dumps(self.server.answers.get(self.path, {"message": "no"})).encode()
        if self.command != "GET" and not self.path.endswith("/validate"):
            self.server.changes.append(f"{self.command} {self.path}")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = answered  # noqa: N815 - names of http.server

    def log_message(self, *_: object) -> None:
        """Logs nothing."""


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker(("127.0.0.1", 0), Answer) as server:
        server.answers, server.changes = dict(ANSWERS), []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
    assert server.changes == []


def looked(worker: Worker, only: str = "") -> Part[ConnectFound]:
    address = ConnectAddress(f"http://127.0.0.1:{worker.server_port}")
    return look_at_connect(address, BASELINE, NOWHERE, only)


def found(worker: Worker, **answers: Any) -> ConnectFound:
    worker.answers = {**ANSWERS, **answers}
    part = looked(worker)
    assert part.found is not None, part.trouble
    return part.found


def test_versions_connectors_and_the_clock(worker: Worker) -> None:
    seen = found(worker)
    assert seen.versions == {"connect": "3.6.1", "debezium": "2.5.4.Final"}
    assert seen.reports_offsets
    (team,) = seen.team.connectors
    assert (team.connector.name, team.state, team.tasks) == ("shop", "RUNNING", ("FAILED",))
    assert team.trace == "boom"
    assert seen.team.others == 1
    assert seen.skew_ms is not None
    assert seen.skew_ms < 1000
    assert (seen.plugin.unknown, seen.plugin.refused, seen.plugin.database_trouble) == ("", {}, "")


def test_what_the_connector_refuses_is_divided_from_what_the_database_refuses(
    worker: Worker,
) -> None:
    refused = {
        "configs": [
            {"value": {"name": "snapshot.mode", "errors": ["is invalid"]}},
            {"value": {"name": "database.hostname", "errors": ["connection refused"]}},
        ]
    }
    path = "/connector-plugins/PostgresConnector/config/validate"
    seen = found(worker, **{path: refused}).plugin
    assert seen.refused == {"snapshot.mode": "is invalid"}
    assert "connection refused" in seen.database_trouble


def test_a_setting_that_the_connector_does_not_know(worker: Worker) -> None:
    seen = found(worker, **{f"/connector-plugins/{PLUGIN}/config": [{"name": "topic.prefix"}]})
    assert "has no setting" in seen.plugin.unknown


def test_without_the_plugin_nothing_is_validated(worker: Worker) -> None:
    seen = found(worker, **{"/connector-plugins": [{"class": "io.other"}]}).plugin
    assert (seen.installed, seen.refused) == (("io.other",), {})


def test_connectors_that_can_not_be_listed_do_not_hide_the_rest(worker: Worker) -> None:
    del worker.answers["/connectors"]  # type: ignore[attr-defined]
    part = looked(worker)
    assert part.found is not None
    assert "404" in part.found.team.trouble
    assert part.found.versions["connect"] == "3.6.1"


def test_a_connector_that_is_named_and_not_there(worker: Worker) -> None:
    part = looked(worker, only="shopp")
    assert part.found is not None
    assert "shopp" in part.found.team.trouble


def test_another_server_is_not_used(worker: Worker) -> None:
    worker.answers = {}
    assert "There is no Kafka Connect" in looked(worker).trouble
