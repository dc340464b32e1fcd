"""Runs on a misconfigured stack: the check that names the cause is FAIL."""

from __future__ import annotations

import json

import psutil
import pytest

from tests.contract.running import (
    ANY,
    IMPATIENT,
    SMALL,
    behave,
    checks,
    latest_run,
    nothing_left,
    recorded_processes,
    start,
)


@pytest.mark.parametrize(
    ("given", "words"),
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
                "is full after 39 minutes",
                "unclean.leader.election.enable",
            ],
        ),
        (["worker.producer.acks=0"], ["worker producer.acks=0"]),
    ],
    ids=["connector, topic and broker", "worker"],
)
def test_what_loses_change_data_turns_the_audit_red(given: list[str], words: list[str]) -> None:
    arguments = [part for each in given for part in ("-D", each)]
    code, output = behave(*SMALL, *arguments, *ANY)
    assert code == 1, output
    assert checks(latest_run())["at-least-once configuration"] == "FAIL"
    assert all(each in output for each in words), output
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


def test_a_broker_that_ends_in_a_benchmark_turns_it_red_at_once_and_the_next_ones_too() -> None:
    run = start(*SMALL, "--tags", "@BENCH-1,@BENCH-3")
    assert run.stdout is not None
    lines = []
    for line in run.stdout:
        lines.append(line)
        if line.endswith("] sending\n"):
            (broker,) = (each for each in recorded_processes() if each.stem == "broker")
            psutil.Process(int(json.loads(broker.read_text())["pid"])).kill()
            break
    output = "".join(lines) + run.communicate(timeout=90)[0]
    assert run.returncode != 0
    recorded = latest_run()
    assert [s["verdict"] for s in recorded["scenarios"]] == ["FAIL", "INCONCLUSIVE"]
    assert checks(recorded)["broker stayed up"] == "FAIL"
    assert "The broker has ended." in output
    nothing_left()
