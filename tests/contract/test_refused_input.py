"""Bad input is refused with one message that names the way out, and nothing is left.

What a session refuses before its stack runs is refused here in this process. What a stack refuses
is tested on a running one in test_embedded_stack.py. `make test-full` also tries every input in a
whole run.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from pathlib import Path

import pytest

from support.errors import Explained
from support.session import RunSession
from support.settings import Settings
from tests.contract.running import ANY, REPORTS, SMALL, behave, nothing_left

Refused = tuple[list[str], str]
BEFORE_THE_STACK: list[Refused] = [
    (["scael=1"], "did you mean -D scale=...?"),
    (["target=embeded"], "There is no target 'embeded'"),
    (["scale=fast"], "has the wrong type"),
    (["repeat=0"], "must be 1 to 100"),
    (["commit_first=maybe"], "yes or no"),
    (["min_free_disk=900000GB"], "too little free disk space"),
    (["kafka_version=3.6.2"], "There is no lock file for kafka-3.6.2"),
    (["kafka_version=4.3.1"], "Debezium 2.5.4.Final does not work on Kafka Connect 4.3.1"),
    (["postgres_version=17"], "does not have this major version of PostgreSQL"),
    (["kafka_heap=1m"], "Too small"),
    (["topic.partitions=three"], "is a whole number"),
    (["topic.replication.factor=0"], "is a whole number above 0"),
    (["producer.linger.mss=5"], "linger.mss"),
    (["broker.listeners=PLAINTEXT://0.0.0.0:9092"], "can't be overridden"),
    (["reports=/proc/reports"], "/proc/reports"),
    (["maven_mirror=http://127.0.0.1:9", "cache=CACHE"], "could not be downloaded"),
]
BY_THE_STACK: list[Refused] = [
    (["broker.num.io.threads=0"], "num.io.threads"),
    (["broker.mesage.max.bytes=600"], "did you mean -D broker.message.max.bytes=...?"),
    (["topic.retention.ms=soon"], "retention.ms"),
    (["connector.snapshot.mode=sometimes"], "refuses the connector's setting snapshot.mode"),
    (["connector.value.converter.schema.enable=true"], "value.converter.schemas.enable"),
    (["connector.poll.intervall.ms=5"], "did you mean -D connector.poll.interval.ms=...?"),
    (["worker.acks=0"], "Kafka Connect's worker has no setting 'acks'"),
    (["worker.ofset.flush.interval.ms=5"], "did you mean -D worker.offset.flush.interval.ms="),
]
WHOLE_RUN = (BEFORE_THE_STACK[0], BY_THE_STACK[0])
"""One case that is refused before the stack starts, and one that is refused by the stack."""

OTHERS = (*BEFORE_THE_STACK[1:], *BY_THE_STACK[1:])


def keys(cases: Iterable[Refused]) -> list[str]:
    """The names of the cases: the settings without their values."""
    return [given[0].partition("=")[0] for given, _ in cases]


def settings_of(given: list[str], cache: Path) -> list[str]:
    return [each.replace("CACHE", str(cache)) for each in given]


@pytest.mark.parametrize(("given", "message"), BEFORE_THE_STACK, ids=keys(BEFORE_THE_STACK))
def test_a_session_refuses_bad_input_before_the_stack_runs(
    given: list[str], message: str, tmp_path: Path
) -> None:
    pairs = dict(each.split("=", 1) for each in settings_of(given, tmp_path))
    with pytest.raises(Explained) as refused:
        RunSession(Settings.load({"reports": str(REPORTS), **pairs})).start()
    assert message in str(refused.value)
    nothing_left()


def refused_by_a_whole_run(given: list[str], message: str, cache: Path) -> None:
    """Asserts that a run ends with one message and no traceback, and leaves nothing."""
    arguments = [part for each in settings_of(given, cache) for part in ("-D", each)]
    code, output = behave(*arguments, *ANY)
    assert code == 2, output
    assert message in output
    assert "Traceback" not in output
    nothing_left()


@pytest.mark.parametrize(("given", "message"), WHOLE_RUN, ids=keys(WHOLE_RUN))
def test_a_whole_run_refuses_bad_input(given: list[str], message: str, tmp_path: Path) -> None:
    refused_by_a_whole_run(given, message, tmp_path)


@pytest.mark.parametrize(("given", "message"), OTHERS, ids=keys(OTHERS))
def test_a_whole_run_refuses_every_other_bad_input(
    given: list[str], message: str, tmp_path: Path
) -> None:
    refused_by_a_whole_run(given, message, tmp_path)


def test_an_explicit_port_that_is_taken_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, output = behave("-D", f"kafka_port={port}")
    assert code == 2
    assert f"The port {port}, asked for by kafka_port, is taken" in output
    nothing_left()


def test_usual_ports_that_are_taken_are_stepped_around() -> None:
    with socket.socket() as kafka, socket.socket() as postgres:
        for taken, port in ((kafka, 9092), (postgres, 5432)):
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", port))
            taken.listen()
        code, output = behave(*SMALL, *ANY)
    assert code == 0, output
    nothing_left()
