"""Runs on a stack that others run, without containers: the stack of `make up` stands for it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from support.clients.broker import BrokerClient
from support.progress import Progress
from support.settings import Settings
from support.stack.capture import CONNECTOR
from support.stack.embedded.stack import EmbeddedStack
from support.waiting import wait_until
from tests.contract.running import REPORTS, behave, checks, latest_run, nothing_left, stack_by_hand

USERS = "dbserver.public.users"
SMALL_BENCH = ("--tags", "@BENCH-1", "-D", "scale=0.1")
SHORT = {"retention.ms": "60000", "cleanup.policy": "compact,delete"}


@pytest.fixture(scope="module")
def stack() -> Iterator[EmbeddedStack]:
    with stack_by_hand():
        found = EmbeddedStack(Settings.load({}), Progress(io.StringIO()))
        assert found.find_running()
        yield found
    nothing_left()


def attached(stack: EmbeddedStack, *arguments: str) -> dict[str, Any]:
    """Runs behave with the stack's addresses, and returns the results."""
    ends = stack.endpoints
    database = ends.database
    address = f"postgresql://{database.user}@{database.host}:{database.port}/{database.name}"
    given = {
        "target": "attach",
        "bootstrap": ends.kafka.bootstrap,
        "connect": ends.connect.url,
        "database": address,
    }
    options = [each for key, value in given.items() for each in ("-D", f"{key}={value}")]
    behave(*options, *arguments)
    return latest_run()


def verdicts(run: dict[str, Any]) -> list[str]:
    return [scenario["verdict"] for scenario in run["scenarios"]]


def evidence(run: dict[str, Any], name: str) -> str:
    """Returns the evidence of the only check of that name."""
    found = [c for s in run["scenarios"] for c in s["checks"] if c["name"] == name]
    assert len(found) == 1
    return "\n".join(found[0]["evidence"])


def test_without_containers_a_benchmark_passes_and_its_resources_are_skipped(
    stack: EmbeddedStack,
) -> None:
    run = attached(stack, *SMALL_BENCH)
    assert verdicts(run) == ["PASS"], run
    assert checks(run)["resources measured"] == "SKIPPED"
    assert "-D kafka_container=NAME" in evidence(run, "resources measured")
    heading = (REPORTS / "latest" / "performance.md").read_text().splitlines()[2]
    assert "Debezium 2.5.4.Final" in heading


def test_the_metrics_of_the_broker_are_read_from_its_agent(stack: EmbeddedStack) -> None:
    run = attached(stack, *SMALL_BENCH, "-D", f"kafka_metrics={stack.jmx_url()}")
    assert verdicts(run) == ["PASS"], run
    found = checks(run)
    assert found["resources measured"] == found["JMX measured"] == "MEASURED"
    assert found["broker memory"] == "SKIPPED"
    assert found["broker CPU"] in ("PASS", "FAIL")
    assert "memory not measured: JMX reports" in evidence(run, "resources measured")


def test_the_settings_of_the_team_s_topics_are_judged(stack: EmbeddedStack) -> None:
    client = BrokerClient(stack.endpoints.kafka)
    before = {key: client.topic_config(USERS)[key].value for key in SHORT}
    try:
        for key, value in SHORT.items():
            client.set_topic_config(USERS, key, value)
        names = ("--name", "weakens at-least-once", "--name", "is 100,000 messages behind")
        run = attached(stack, *names, "-D", "scale=0.05")
    finally:
        for key, old in before.items():
            client.set_topic_config(USERS, key, str(old))
    assert verdicts(run) == ["FAIL", "FAIL"], run
    settings = evidence(run, "at-least-once configuration")
    assert f"topic {USERS}: retention.ms=60000: a consumer that stops for longer" in settings
    assert f"topic {USERS}: cleanup.policy=compact,delete" in settings
    kept = evidence(run, "retention settings")
    assert f"{USERS}: retention.ms=60000" in kept
    assert f"{USERS}: cleanup.policy=compact,delete" in kept


def test_a_stopped_connector_is_no_pipeline(stack: EmbeddedStack) -> None:
    url = f"{stack.endpoints.connect.url}/connectors/{CONNECTOR}"
    requests.put(f"{url}/stop", timeout=10).raise_for_status()
    try:
        wait_until(
            lambda: requests.get(f"{url}/status", timeout=10).json()["connector"]["state"],
            lambda state: state == "STOPPED",
            timedelta(seconds=20),
            "the connector to stop",
        )
        run = attached(stack, *SMALL_BENCH)
    finally:
        requests.put(f"{url}/resume", timeout=10).raise_for_status()
    assert verdicts(run) == ["FAIL"], run
    words = evidence(run, "CDC topics carry events")
    assert f"connector {CONNECTOR} is STOPPED" in words
    assert "its slot kafka_validation is inactive" in words
    assert "of WAL kept" in words
