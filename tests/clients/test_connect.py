"""Kafka Connect's answers: of older versions, of workers that rebalance, of other servers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from support.clients import connect
from support.clients.connect import ConnectClient, OffsetsUnknown
from support.clients.connect_address import ConnectAddress
from support.errors import StackError
from tests.clients.http_server import Answer, Sent, serving


def answering(
    monkeypatch: pytest.MonkeyPatch, version: str, offsets: dict[str, Any] | None
) -> ConnectClient:
    """A worker of that version; without `offsets` it refuses to report them."""

    def call(self: ConnectClient, method: str, path: str, body: object = None) -> Any:
        if path == "/":
            return {"version": version}
        if offsets is None:
            raise StackError(f"Kafka Connect refused {method} {path}.", seen="404 Not Found")
        return offsets

    monkeypatch.setattr(ConnectClient, "_call", call)
    return ConnectClient(ConnectAddress("http://127.0.0.1:9"))


@pytest.mark.parametrize(("version", "reported"), [("3.4.1", "3.4"), ("7.5.0-ccs", "3.5")])
def test_an_old_connect_reports_no_committed_offset(
    monkeypatch: pytest.MonkeyPatch, version: str, reported: str
) -> None:
    with pytest.raises(OffsetsUnknown, match=f"Kafka Connect {reported} can't report"):
        answering(monkeypatch, version, None).committed_lsn("kv")


def test_a_new_connect_that_refuses_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StackError, match="refused GET") as error:
        answering(monkeypatch, "3.6.1", None).committed_lsn("kv")
    assert not isinstance(error.value, OffsetsUnknown)


def test_the_committed_offset_of_a_new_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    offsets = {"offsets": [{"partition": {}, "offset": {"lsn": 42}}]}
    assert answering(monkeypatch, "3.6.1", offsets).committed_lsn("kv") == 42
    assert answering(monkeypatch, "3.4.1", {"offsets": []}).committed_lsn("kv") is None


STOP = "PUT /connectors/kv/stop"
REBALANCING = {"error_code": 409, "message": "Cannot complete request momentarily: rebalance"}


def answers(*given: Answer) -> Callable[[Sent], Answer]:
    """A behaviour that gives these answers in turn, and the last one for ever."""
    left = list(given)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def test_a_name_with_reserved_characters_stays_one_part_of_the_path() -> None:
    asked: list[str] = []

    def behave(sent: Sent) -> Answer:
        asked.append(sent.path)
        return Answer(body={"connector.class": "x"})

    with serving(behave) as url:
        client = ConnectClient(ConnectAddress(url))
        client.config("orders/eu ?#%")
        client.restart("orders/eu")
    assert asked[0] == "/connectors/orders%2Feu%20%3F%23%25/config"
    assert asked[1].startswith("/connectors/orders%2Feu/restart?includeTasks=true")


def test_a_request_is_repeated_while_the_workers_rebalance() -> None:
    behave = answers(Answer(409, REBALANCING), Answer(409, REBALANCING), Answer(body=["one"]))
    with serving(behave) as url:
        assert ConnectClient(ConnectAddress(url)).connectors() == ("one",)


def test_a_rebalance_without_end_is_reported_with_the_last_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connect, "REBALANCE", timedelta(seconds=1))
    with serving(answers(Answer(409, REBALANCING))) as url, pytest.raises(StackError) as error:
        ConnectClient(ConnectAddress(url)).put_config("kv", {"database.password": "S3cretPw"})
    assert "refused PUT /connectors/kv/config for 1 s" in str(error.value)
    assert "momentarily: rebalance" in str(error.value)
    assert "S3cretPw" not in str(error.value)


def test_a_name_that_is_taken_is_not_asked_for_again() -> None:
    taken = Answer(409, {"error_code": 409, "message": "Connector kv already exists"})
    behave = answers(taken, Answer(500, "asked again"))
    with serving(behave) as url, pytest.raises(StackError, match="already exists"):
        ConnectClient(ConnectAddress(url)).put_config("kv", {})


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (Answer(404, {"error_code": 404, "message": "HTTP 404 Not Found"}), "404"),
        (Answer(404, "<html>nginx"), "404"),
        (Answer(200, "<html>Kafka UI", {"Content-Type": "text/html"}), "text/html"),
    ],
)
def test_another_server_or_path_is_named(answer: Answer, seen: str) -> None:
    with serving(answers(answer)) as url, pytest.raises(StackError) as error:
        ConnectClient(ConnectAddress(f"{url}/team-b")).plugins()
    assert f"There is no Kafka Connect at {url}/team-b" in str(error.value)
    assert seen in str(error.value)


def test_a_path_prefix_comes_before_every_path() -> None:
    def behave(sent: Sent) -> Answer:
        known = sent.path == "/connect/team-a/connector-plugins"
        return Answer(200 if known else 404, [{"class": "a.B"}])

    with serving(behave) as url:
        assert ConnectClient(ConnectAddress(f"{url}/connect/team-a/")).plugins() == ("a.B",)


@pytest.mark.parametrize(
    ("version", "sent"),
    [
        ("3.5.2", ["DELETE /connectors/kv"]),
        ("3.6.1", [STOP, "DELETE /connectors/kv/offsets", "DELETE /connectors/kv"]),
        ("8.1.0-ccs", [STOP, "DELETE /connectors/kv/offsets", "DELETE /connectors/kv"]),
        ("custom", [STOP, "DELETE /connectors/kv"]),
    ],
)
def test_offsets_are_removed_by_a_worker_that_can(version: str, sent: list[str]) -> None:
    changes = []

    def behave(request: Sent) -> Answer:
        if request.method == "GET":
            return Answer(body={"version": version} if request.path == "/" else ["kv"])
        changes.append(f"{request.method} {request.path}")
        return Answer(404 if version == "custom" and "stop" in request.path else 204, "")

    with serving(behave) as url:
        ConnectClient(ConnectAddress(url)).delete("kv")
    assert changes == sent


def test_a_declared_setting_without_a_value_is_not_refused() -> None:
    wrong = {"name": "snapshot.mode", "errors": ["Value must be one of always, initial"]}
    right = {"name": "topic.prefix", "errors": []}
    configs = [{"definition": {}, "value": value} for value in (right, None, wrong)]
    with serving(answers(Answer(body={"configs": configs}))) as url:
        refused = ConnectClient(ConnectAddress(url)).refused_settings("a.b.Connector", {})
    assert refused == {"snapshot.mode": "Value must be one of always, initial"}


def test_what_a_server_reports_is_shown_without_passwords() -> None:
    status = {
        "connector": {"state": "RUNNING"},
        "tasks": [{"state": "FAILED", "trace": "login failed: user=a, password=S3cretPw; x"}],
    }
    with serving(answers(Answer(body=status))) as url:
        assert ConnectClient(ConnectAddress(url)).state("kv").trace == (
            "login failed: user=a, password=***; x"
        )
    refusal = Answer(400, 'bad: jaas username="a" password="S3 cretPw";')
    with serving(answers(refusal)) as url, pytest.raises(StackError) as error:
        ConnectClient(ConnectAddress(url)).put_config("kv", {})
    assert "S3" not in str(error.value)


def test_versions_are_those_that_connect_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    plugins = [{"class": "a.B", "version": "2.7.3.Final"}, {"class": "a.C"}]
    client = answering(monkeypatch, "7.6.0-ccs", plugins)  # type: ignore[arg-type]
    assert client.versions("a.B") == {"connect": "7.6.0-ccs", "debezium": "2.7.3.Final"}
    assert client.versions("a.C") == {"connect": "7.6.0-ccs"}
