"""Errors in logs: of every layout, read afresh, and never judged where nothing was read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from support.checks import cdc_snapshot
from support.experiment.snapshot import errors_of
from support.metrics.log_levels import level_of
from support.metrics.part_logs import PartLog, PartLogs
from support.record.part_logs import LoggedErrors
from support.results.schema import Check, Verdict
from support.stack.docker.container import Container

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def logged_errors(logs: Mapping[str, PartLog]) -> Check:
    """The check of these logs, as they are recorded."""
    return cdc_snapshot.logged_errors({part: errors_of(log) for part, log in logs.items()})


CALM = "[2024-01-01 10:00:00,000] INFO all is well (kafka.server.KafkaServer)\n"

LAYOUTS = {
    "Kafka and Confluent, log4j 1": "[2024-01-01 10:00:00,000] ERROR it broke (kafka.log.Log)",
    "Connect": "[2024-01-01 10:00:00,000] ERROR [dbserver|task-0] it broke (a.b.Task:195)",
    "Debezium, log4j 1": "2024-01-01 10:00:00,000 ERROR  Postgres|dbserver|streaming  it broke   "
    "[io.debezium.pipeline.ErrorHandler]",
    "Debezium without a connector": "2024-01-01 10:00:00,000 ERROR  ||  it broke   [org.a.B]",
    "Debezium, log4j 2": "2025-01-01T10:00:00,000 ERROR  ||  it broke   [org.a.B]",
    "Kafka 4, log4j 2": "[2025-01-01 10:00:00,000] ERROR it broke (org.a.B:12)",
    "log4j 2 with a zone": "[2025-01-01T10:00:00.000Z] FATAL it broke (org.a.B)",
    "with a thread": "2024-01-01 10:00:00 [main] ERROR o.a.B - it broke",
    "with colours": "\x1b[31m2024-01-01 10:00:00,000 ERROR it broke\x1b[0m",
    "the JVM itself": 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
}


@pytest.mark.parametrize("line", LAYOUTS.values(), ids=LAYOUTS)
def test_an_error_is_found_in_every_layout(line: str) -> None:
    check = logged_errors({"broker": PartLog(CALM), "connect": PartLog(f"{CALM}{line}\n")})
    assert check.verdict is FAIL
    assert check.measured == 1
    assert "connect" in check.evidence[0]
    assert logged_errors({"connect": PartLog(line.replace("ERROR", "WARN"))}).verdict in (
        PASS if "ERROR" in line else FAIL,
    )


@pytest.mark.parametrize(
    "line",
    [
        "\tat kafka.ERROR.Log(Log.scala:1)",
        "ERROR",
        "Caused by: ERROR in a message",
        "[2024-01-01 10:00:00,000] INFO the level ERROR is set (a)",
        "[2024-01-01 10:00:00,000] WARN errors.tolerance = ERROR (a)",
    ],
)
def test_the_word_alone_is_no_error(line: str) -> None:
    assert level_of(line) not in ("ERROR", "FATAL")


@pytest.mark.parametrize(
    ("logs", "verdict", "told"),
    [
        ({}, INCONCLUSIVE, "no log was read"),
        (
            {"broker": PartLog(trouble="not there"), "connect": PartLog(CALM)},
            INCONCLUSIVE,
            "broker: not there",
        ),
        ({"broker": PartLog(), "connect": PartLog(CALM)}, PASS, "connect: 1 lines"),
        # What was found counts, whatever else was not read.
        (
            {
                "broker": PartLog(trouble="not there"),
                "connect": PartLog("[2024-01-01 10:00:00,000] ERROR x (a)"),
            },
            FAIL,
            "connect: [2024",
        ),
    ],
)
def test_what_was_not_read_is_not_judged(
    logs: Mapping[str, PartLog], verdict: Verdict, told: str
) -> None:
    check = logged_errors(logs)
    assert check.verdict is verdict
    assert any(told in line for line in check.evidence)


class Engine:
    """A container whose log grows, or can't be had."""

    def __init__(self) -> None:
        self.said = CALM.encode()

    def logs(self, since: float | None = None) -> bytes:
        return self.said


def test_the_log_of_a_container_is_read_again(tmp_path: Path) -> None:
    engine = Engine()
    container = Container("kafka", lambda: engine, tmp_path / "broker.log")
    logs = PartLogs(lambda: {"broker": container.log}, ["broker"])
    assert logged_errors(logs.read()).verdict is PASS
    engine.said += b"[2024-01-01 10:00:01,000] ERROR it broke (a)\n"
    assert logged_errors(logs.read()).verdict is FAIL
    engine.said = b"[2024-01-01 10:00:02,000] INFO a new container with a long line (a)\n" * 100
    assert logged_errors(logs.read()).verdict is INCONCLUSIVE


@pytest.mark.parametrize("content", ["", "whatever\n", '{"level": "ERROR"}\n'])
def test_a_log_whose_lines_are_not_understood_is_not_judged(content: str, tmp_path: Path) -> None:
    log = tmp_path / "broker.log"
    log.write_text("")
    logs = PartLogs(lambda: {"broker": log}, ["broker", "connect"])
    log.write_text(content)
    read = logs.read()
    assert "level that is understood" in read["broker"].trouble
    assert "can't be read" in read["connect"].trouble
    log.write_text(CALM)
    assert logs.read()["broker"] == PartLog(CALM)


def test_logs_that_a_target_can_not_read_skip_the_check_unless_another_has_an_error() -> None:
    lacking = LoggedErrors(lacking="no container is named")
    calm, error = LoggedErrors(9), LoggedErrors(9, ("an ERROR",))
    skipped = cdc_snapshot.logged_errors({"broker": calm, "connect": lacking})
    assert (skipped.verdict, skipped.evidence) == (Verdict.SKIPPED, ("no container is named",))
    assert cdc_snapshot.logged_errors({"broker": error, "connect": lacking}).verdict is FAIL
