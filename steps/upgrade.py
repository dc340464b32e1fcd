"""An upgrade of Kafka, Kafka Connect and Debezium: how far it is, and its next step."""

from __future__ import annotations

from typing import Any

from behave import given, then, when

from support.experiment.needs import an_upgrade, needs
from support.experiment.upgrade import Upgrade
from support.promises.cdc import CDC_CHANGES_MISSING, CDC_ROLLED_BACK_VISIBLE, STATEMENTS_ACCEPTED
from support.promises.cdc_recovery import (
    CDC_CAUGHT_UP,
    REPLICATION_SLOT,
    RESENT_BOUND,
    RESENT_FROM_THE_COMMIT,
    TASK_STATE,
)
from support.promises.cdc_snapshot import SNAPSHOT_REPEATED
from support.promises.delivery_consumers import UNSEEN
from support.promises.delivery_faults import STUCK_AFTER_HEAL
from support.promises.delivery_log import ACCEPTED, LOST, RETENTION_VIOLATED
from support.promises.upgrade import STALL_DURING_THE_STEP, VERSION_AFTER, WAY_BACK_OPEN

MESSAGES = (ACCEPTED, LOST, RETENTION_VIOLATED, UNSEEN, STUCK_AFTER_HEAL)
CHANGES = (
    STATEMENTS_ACCEPTED,
    CDC_CHANGES_MISSING,
    CDC_ROLLED_BACK_VISIBLE,
    CDC_CAUGHT_UP,
    TASK_STATE,
    REPLICATION_SLOT,
)


@given("a load, a consumer group and Debezium use a stack {earlier:Upgraded}")
@needs(an_upgrade)
def stack_is_used(context: Any, earlier: Any) -> None:
    context.session.prove_ready()
    context.upgrade = Upgrade(context.trial)
    context.upgrade.serve(earlier)


@when("{step:Upgrade} while test producer sends {n:d} messages")
def take_step(context: Any, step: Any, n: int) -> None:
    context.upgrade.run_through(n, step)


@then("no message and no database change is lost")
def nothing_is_lost(context: Any) -> None:
    context.require(*MESSAGES, *CHANGES)


@then("Debezium continues from its last committed offset, without another snapshot")
def debezium_resumes(context: Any) -> None:
    resent = context.trial.verdicts.recorded(RESENT_FROM_THE_COMMIT, RESENT_BOUND)
    context.require(SNAPSHOT_REPEATED, *resent)


@then("its version and the stall of clients are documented")
def step_is_documented(context: Any) -> None:
    context.require(VERSION_AFTER, STALL_DURING_THE_STEP)


@then("whether there is a way back is documented")
def way_back_is_documented(context: Any) -> None:
    context.require(VERSION_AFTER, STALL_DURING_THE_STEP, WAY_BACK_OPEN)
