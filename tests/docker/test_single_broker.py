"""attach to a single broker that others run: also the performance scenarios pass."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from support.stack.compose.stack import ComposeStack
from support.waiting import wait_until
from tests.contract.running import behave, latest_run, start
from tests.docker.scenarios import (
    SMALL,
    addresses,
    await_as_before,
    everything,
    named,
    same_shape,
    verdicts,
)


def test_the_scenarios_pass_on_a_broker_of_others_and_it_is_as_before(
    embedded_run: dict[str, Any], foreign: ComposeStack
) -> None:
    before = everything(foreign.endpoints)
    container = foreign.broker()._find().name
    allowed = ("-D", f"kafka_container={container}", "-D", "allow_destructive=yes")
    choice = named("US1.1", "US1.2", "US2.1", "US2.2")
    code, output = behave(*addresses(foreign.endpoints), *allowed, *SMALL, *choice)
    attached = latest_run()
    assert set(verdicts(attached).values()) == {"PASS"}, (verdicts(attached), output)
    assert code == 0, output
    await_as_before(foreign.endpoints, before)
    same_shape(attached, embedded_run, frozenset({"JMX measured"}))


def test_a_broker_that_a_killed_run_left_stopped_is_healed_by_the_next_run(
    foreign: ComposeStack,
) -> None:
    broker = foreign.broker()
    named_broker = ("-D", f"kafka_container={broker._find().name}", "-D", "allow_destructive=yes")
    process = start(*addresses(foreign.endpoints), *named_broker, *SMALL, *named("US2.1"))
    wait_until(broker.alive, lambda alive: not alive, timedelta(seconds=90), "the crash")
    process.kill()
    process.communicate()
    assert not broker.alive()
    code, output = behave(*addresses(foreign.endpoints), *SMALL, "--name", "weakens at-least-once")
    assert code == 0, output
    assert "healed what a killed run left" in output
    assert broker.alive()
