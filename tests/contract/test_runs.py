"""Whole runs from the outside: green, red for the right reason, refused, and cut off."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from support import clock
from support.allure_report import write_allure
from support.report.documents import write_reports
from support.settings import Settings
from support.waiting import wait_until
from tests.contract.remains import left_on_kept_stack
from tests.contract.running import (
    BEHAVE,
    MODULE,
    REPORTS,
    behave,
    checks,
    end_group,
    ended,
    latest_run,
    nothing_left,
    recorded_processes,
    small_disks,
    stack_by_hand,
    stack_processes,
    start,
)

SCENARIOS = 31
"""Those that are not @slow (they show the same once more, or take long), and their features."""
FEATURES = 19
BEGUN = (
    " and restart\n",
    "broker restart\n",
    "paused for 10 s\n",
    "directions) for 10 s\n",
    "full of the load itself\n",
    "the controller for 15 s\n",
    "] sending\n",
)
BEGUN_WITHIN_S = 180
SMALL = ("-D", "scale=0.05")
IMPATIENT = ("-D", "patience=0.35")
"""Where something that never comes is waited for."""
ANY = ("--name", "weakens at-least-once")
"""The scenario to take where any would do: it takes a second."""


def test_a_scaled_run_passes_and_leaves_nothing(tmp_path: Path) -> None:
    code, output = behave(*SMALL, "--tags", "not @slow")
    run = latest_run()
    assert code == 0, output
    assert run["verdict"] == "PASS"
    assert len(run["scenarios"]) == SCENARIOS
    assert run["scale"] == 0.05
    assert "NOT an acceptance result" in output
    folder = REPORTS / "latest"
    for report in ("performance", "delivery", "recommendations", "traceability"):
        text = (folder / f"{report}.md").read_text()
        assert "Not an acceptance result" in text
        assert ("charts/" in text) == (report in ("performance", "delivery"))
    assert len(list((folder / "trials").glob("*.json"))) == SCENARIOS
    # The entry of a scenario that is skipped is added when the report is made.
    skipped = [s["name"] for s in run["scenarios"] if s["verdict"] == "SKIPPED"]
    assert skipped == [
        "Disconnection of the broker during production of 1,000 messages loses nothing"
    ]
    assert len(list((folder / "allure-results").glob("*-result.json"))) == SCENARIOS - 1
    assert len(list((folder / "junit").glob("*.xml"))) == FEATURES
    assert write_allure(folder, tmp_path / "history", Settings.load({})).stat().st_size > 1_000_000
    assert list((tmp_path / "history").glob("*trend.json"))
    nothing_left()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        # Every setting is named in one run: the audit does not stop at the first.
        (
            [
                "connector.producer.override.acks=1",
                "connector.errors.tolerance=all",
                "topic.retention.bytes=4294967296",
                "broker.unclean.leader.election.enable=true",
            ],
            [
                "connector producer.override.acks=1",
                "connector errors.tolerance=all",
                "ends after 39 minutes",
                "unclean.leader.election.enable",
            ],
        ),
        (["worker.producer.acks=0"], ["worker producer.acks=0"]),
    ],
)
def test_what_loses_change_data_turns_the_audit_red(given: list[str], told: list[str]) -> None:
    arguments = [part for each in given for part in ("-D", each)]
    code, output = behave(*SMALL, *arguments, "--name", "weakens at-least-once")
    assert code == 1, output
    assert checks(latest_run())["at-least-once configuration"] == "FAIL"
    assert all(each in output for each in told), output
    nothing_left()


def test_acks_0_turns_the_delivery_scenarios_red_and_names_the_cause() -> None:
    code, output = behave(*SMALL, "-D", "producer.acks=0", "--name", "messages without a failure")
    run = latest_run()
    assert code != 0
    assert run["verdict"] == "FAIL"
    assert checks(run)["at-least-once configuration"] == "FAIL"
    assert checks(run)["accepted"] == "FAIL"
    assert "producer acks=0: acknowledged before it is stored" in output
    assert run["provenance"]["in_force"]["producer"]["acks"] == "0"
    nothing_left()


@pytest.mark.parametrize(
    ("setting", "name", "red"),
    [
        (
            "commit_first=yes",
            "^Consumer crash with static",
            ("unseen", "commit ahead of processing"),
        ),
        ("consumer.auto.offset.reset=latest", "^Clean consumer restart", ("unseen", "received")),
    ],
)
def test_a_careless_consumer_is_red_by_the_check_that_names_it(
    setting: str, name: str, red: tuple[str, ...]
) -> None:
    code, output = behave(*SMALL, *IMPATIENT, "-D", setting, "--name", name)
    verdicts = checks(latest_run())
    assert code != 0
    assert {check: verdicts[check] for check in red} == dict.fromkeys(red, "FAIL"), output
    assert verdicts["lost"] == "PASS"
    nothing_left()


def test_a_scenario_can_be_repeated_and_judged_again_without_a_broker() -> None:
    code, output = behave(*SMALL, "-D", "repeat=2", "--name", "^Clean consumer restart")
    run = latest_run()
    assert code == 0, output
    assert [s["name"][-8:] for s in run["scenarios"]] == ["[1 of 2]", "[2 of 2]"]
    report = (REPORTS / "latest" / "delivery.md").read_text()
    # Passed, faults, repeats with a loss, lost.
    assert "| 2 of 2 | 2 | 0 of 2 | 0 / 0 / 0 |" in report
    for folder, scenario in zip(
        sorted((REPORTS / "latest" / "ledger").iterdir()), run["scenarios"], strict=True
    ):
        offline = start(str(folder), command=(sys.executable, "-m", "support.checks"))
        told = offline.communicate(timeout=60)[0]
        assert offline.returncode == 0, told
        lines = [line for line in told.splitlines() if not line.startswith(" ")]
        again = {line[14:].split(":")[0]: line[:14].strip() for line in lines}
        recorded = {check["name"]: check["verdict"] for check in scenario["checks"]}
        assert set(again.items()) <= set(recorded.items())
        assert len(again) > 10
    nothing_left()


def test_a_small_message_limit_turns_the_throughput_scenario_red() -> None:
    limit = ("-D", "broker.message.max.bytes=600")
    code, output = behave(*SMALL, *IMPATIENT, *limit, "--tags", "@BENCH-1")
    run = latest_run()
    assert code != 0
    assert checks(run)["CDC topics carry events"] == "FAIL"
    assert checks(run)["accepted"] == "FAIL"
    assert "MSG_SIZE_TOO_LARGE" in output
    assert run["provenance"]["in_force"]["broker"]["message.max.bytes"] == "600"
    nothing_left()


def test_a_full_queue_is_told_as_such() -> None:
    code, output = behave(
        *SMALL, "-D", "producer.queue.buffering.max.messages=3", "--tags", "@BENCH-1"
    )
    assert code != 0
    assert checks(latest_run())["achieved rate"] == "FAIL"
    assert "the client's queue was full" in output
    nothing_left()


def test_a_broker_that_ends_in_a_benchmark_turns_it_red_at_once_and_the_next_ones_too() -> None:
    run = start(*SMALL, "--tags", "@BENCH-1,@BENCH-3")
    assert run.stdout is not None
    lines = []
    for line in run.stdout:
        lines.append(line)
        if line.endswith("] sending\n"):
            (broker,) = (each for each in recorded_processes() if each.stem == "broker")
            psutil.Process(int(broker.read_text().split('"pid": ')[1].split(",")[0])).kill()
            break
    output = "".join(lines) + run.communicate(timeout=90)[0]
    assert run.returncode != 0
    recorded = latest_run()
    assert [s["verdict"] for s in recorded["scenarios"]] == ["FAIL", "INCONCLUSIVE"]
    assert checks(recorded)["broker stayed up"] == "FAIL"
    assert "The broker has ended." in output
    nothing_left()


def test_what_can_not_be_had_is_skipped_and_a_run_of_nothing_else_fails() -> None:
    code, output = behave(*SMALL, "--name", "Consumer lag is visible in Kafka UI")
    (scenario,) = latest_run()["scenarios"]
    assert scenario["verdict"] == "SKIPPED"
    assert scenario["reason"].startswith("There is no Kafka UI.")
    assert "-D kafka_ui_jar=PATH" in output
    assert "no scenario was run" in output
    assert code != 0
    nothing_left()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["scael=1"], "did you mean -D scale=...?"),
        (["target=embeded"], "There is no target 'embeded'"),
        (["scale=fast"], "has the wrong type"),
        (["repeat=0"], "must be 1 to 100"),
        (["commit_first=maybe"], "yes or no"),
        (["min_free_disk=900000GB"], "too little free disk space"),
        (["kafka_version=3.6.2"], "There is no lock file for kafka-3.6.2"),
        (["broker.num.io.threads=0"], "num.io.threads"),
        (["broker.mesage.max.bytes=600"], "did you mean -D broker.message.max.bytes=...?"),
        (["kafka_heap=1m"], "Too small"),
        (["topic.retention.ms=soon"], "retention.ms"),
        (["topic.partitions=three"], "is a whole number"),
        (["topic.replication.factor=0"], "is a whole number above 0"),
        (["connector.snapshot.mode=sometimes"], "refuses the connector's setting snapshot.mode"),
        (["connector.value.converter.schema.enable=true"], "value.converter.schemas.enable"),
        (["worker.acks=0"], "Kafka Connect's worker has no setting 'acks'"),
        (["producer.linger.mss=5"], "linger.mss"),
        (["broker.listeners=PLAINTEXT://0.0.0.0:9092"], "can't be overridden"),
        (["reports=/proc/reports"], "/proc/reports"),
        (["connector.poll.intervall.ms=5"], "did you mean -D connector.poll.interval.ms=...?"),
        (["worker.ofset.flush.interval.ms=5"], "did you mean -D worker.offset.flush.interval.ms="),
        (["maven_mirror=http://127.0.0.1:9", "cache=CACHE"], "could not be downloaded"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_bad_input_is_refused_with_one_message_and_nothing_left(
    arguments: list[str], told: str, tmp_path: os.PathLike[str]
) -> None:
    given = [part for a in arguments for part in ("-D", a.replace("CACHE", str(tmp_path)))]
    code, output = behave(*given, *ANY)
    assert code == 2, output
    assert told in output
    assert "Traceback" not in output
    nothing_left()


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


def test_nothing_selected_is_no_success() -> None:
    code, output = behave("--tags", "@nonsense")
    assert code != 0
    assert "no scenario was run" in output
    nothing_left()


def started_run(which: str = "^Broker crash during production") -> subprocess.Popen[str]:
    """A run that has just begun its fault, or its load, in the first scenario of that name."""
    run = start(*SMALL, "--tags", "@US2.1,@edge,@control", "--name", which)
    assert run.stdout is not None
    watchdog = threading.Timer(BEGUN_WITHIN_S, end_group, [run])
    watchdog.start()
    try:
        for line in run.stdout:
            if line.startswith("[") and line.endswith(BEGUN):
                return run
    finally:
        watchdog.cancel()
    raise AssertionError("the run ended before its fault")


@pytest.mark.parametrize(
    ("which", "fault"),
    [
        (signal.SIGTERM, "^Broker crash during production"),
        (signal.SIGTERM, "cut in both"),
        (signal.SIGTERM, "filled by CDC events"),
        (signal.SIGINT, "^Controller crash"),
        (signal.SIGTERM, "^Controller pause"),
    ],
)
def test_an_interrupted_run_heals_and_ends_everything(which: signal.Signals, fault: str) -> None:
    run = started_run(fault)
    run.send_signal(which)
    output = run.communicate(timeout=60)[0]
    assert run.returncode != 0, output
    assert latest_run()["verdict"] == "INCONCLUSIVE"
    nothing_left()


@pytest.mark.parametrize(
    ("command", "arguments"), [(BEHAVE, SMALL), (MODULE, ("up",))], ids=["behave", "make up"]
)
def test_an_interruption_while_the_stack_starts_leaves_nothing(
    command: tuple[str, ...], arguments: tuple[str, ...]
) -> None:
    run = start(*arguments, command=command)
    wait_until(recorded_processes, bool, timedelta(seconds=60), "the first process")
    run.send_signal(signal.SIGTERM)
    # An impatient second one must not cut what ends the processes.
    clock.pause(timedelta(milliseconds=300))
    run.send_signal(signal.SIGTERM)
    output = run.communicate(timeout=60)[0]
    assert run.returncode == 130, output
    assert "interrupted by SIGTERM" in output
    nothing_left()


def test_after_kill_9_the_next_run_ends_the_leftovers() -> None:
    run = started_run("filled by CDC events")
    run.kill()
    run.communicate()
    assert stack_processes() != []
    assert small_disks() != []
    killed = max(REPORTS.glob("2*"))
    assert write_reports(killed)
    assert "the run did not end" in (killed / "recommendations.md").read_text()
    code, output = behave(*SMALL, *ANY)
    assert code == 0, output
    assert "ended a leftover of an earlier run" in output
    nothing_left()


def test_a_second_run_is_refused_while_one_is_going_on() -> None:
    first = started_run("messages without a failure")
    code, output = behave(*SMALL)
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=60)
    assert code == 2
    assert "Another run is using this clone's stack" in output
    nothing_left()


def test_up_is_used_by_a_run_and_ended_by_down() -> None:
    with stack_by_hand():
        code, output = behave(*SMALL, *ANY)
        assert code == 0, output
        assert "using the stack that `make up` left running" in output
        other = behave(*SMALL, "-D", "broker.num.io.threads=4", *ANY)
        assert other[0] == 2
        assert "other settings" in other[1]
        assert parts_up() == 3
        code, output = ended(start("down", command=MODULE), timedelta(seconds=60))
        assert code == 0, output
    nothing_left()


def test_a_stack_from_up_is_healed_when_a_run_is_interrupted_in_its_fault() -> None:
    with stack_by_hand() as output:
        assert "ready after" in output
        run = started_run("^Graceful broker restart")
        run.send_signal(signal.SIGTERM)
        code, output = ended(run, timedelta(seconds=90))
        assert code != 0, output
        assert latest_run()["verdict"] != "PASS"
        assert parts_up() == 3
        assert left_on_kept_stack() == []
        code, output = behave(*SMALL, *ANY)
        assert code == 0, output
    nothing_left()


def parts_up() -> int:
    """How many parts of the stack of `make up` are up."""
    code, output = ended(start("status", command=MODULE), timedelta(seconds=60))
    assert code == 0, output
    return output.count(" up ")
