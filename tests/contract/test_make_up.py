"""Runs on a stack of `make up`: they may use other settings of clients, and leave it as it was.

All tests of this module share one stack, since most of them take less time than starting one.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.contract.begun_run import begun_run
from tests.contract.remains import left_on_kept_stack
from tests.contract.running import (
    ANY,
    IMPATIENT,
    MODULE,
    REPORTS,
    SMALL,
    behave,
    checks,
    ended,
    latest_run,
    nothing_left,
    stack_by_hand,
    start,
)


@pytest.fixture(scope="module", autouse=True)
def up() -> Iterator[str]:
    """Yields the output of `make up`; `make down` leaves nothing."""
    with stack_by_hand() as output:
        yield output
        code, said = ended(start("down", command=MODULE), timedelta(seconds=60))
        assert code == 0, said
        nothing_left()


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Asserts after each test that the stack is up and holds nothing of its runs."""
    yield
    code, output = ended(start("status", command=MODULE), timedelta(seconds=60))
    assert (code, output.count(" up ")) == (0, 3), output
    assert left_on_kept_stack() == []


def test_a_run_uses_it(up: str) -> None:
    assert "ready after" in up
    code, output = behave(*SMALL, *ANY)
    assert code == 0, output
    assert "using the stack that `make up` left running" in output


def test_a_run_with_other_settings_is_refused() -> None:
    code, output = behave(*SMALL, "-D", "broker.num.io.threads=4", *ANY)
    assert code == 2
    assert "other settings" in output


def test_acks_0_turns_the_delivery_scenarios_red_and_names_the_cause() -> None:
    code, output = behave(*SMALL, "-D", "producer.acks=0", "--tags", "@control")
    run = latest_run()
    assert code != 0
    assert run["verdict"] == "FAIL"
    assert checks(run)["at-least-once configuration"] == "FAIL"
    assert checks(run)["accepted"] == "FAIL"
    assert "producer acks=0: it does not wait for all in-sync replicas" in output
    assert run["provenance"]["in_force"]["producer"]["acks"] == "0"


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
        words = offline.communicate(timeout=60)[0]
        assert offline.returncode == 0, words
        lines = [line for line in words.splitlines() if not line.startswith(" ")]
        again = {line[14:].split(":")[0]: line[:14].strip() for line in lines}
        recorded = {check["name"]: check["verdict"] for check in scenario["checks"]}
        assert set(again.items()) <= set(recorded.items())
        assert len(again) > 10


def test_a_full_queue_is_named_as_the_cause() -> None:
    code, output = behave(
        *SMALL, "-D", "producer.queue.buffering.max.messages=3", "--tags", "@BENCH-1"
    )
    assert code != 0
    assert checks(latest_run())["achieved rate"] == "FAIL"
    assert "the client's queue was full" in output


def test_a_missing_kafka_ui_is_skipped_and_a_run_of_nothing_else_fails() -> None:
    code, output = behave(*SMALL, "--name", "Consumer lag is visible in Kafka UI")
    (scenario,) = latest_run()["scenarios"]
    assert scenario["verdict"] == "SKIPPED"
    assert scenario["reason"].startswith("There is no Kafka UI.")
    assert "-D kafka_ui_jar=PATH" in output
    assert "no scenario was run" in output
    assert code != 0


def test_nothing_selected_is_no_success() -> None:
    code, output = behave("--tags", "@nonsense")
    assert code != 0
    assert "no scenario was run" in output


def test_it_is_healed_when_a_run_is_interrupted_in_its_failure() -> None:
    run = begun_run("^Graceful broker restart")
    run.send_signal(signal.SIGTERM)
    code, output = ended(run, timedelta(seconds=90))
    assert code != 0, output
    assert latest_run()["verdict"] != "PASS"
