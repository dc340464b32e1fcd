"""The state in which a scenario finds the stack."""

from __future__ import annotations

from typing import Any

from behave import given

from support.trials.benchmark_trial import BenchmarkTrial
from support.trials.delivery_trial import DeliveryTrial
from support.trials.startup_trial import StartupTrial

SHORT_LEASE = {"broker.session.timeout.ms": "{n}000", "broker.heartbeat.interval.ms": "1000"}


@given("Kafka broker is running with CDC topics")
def running_with_cdc_topics(context: Any) -> None:
    context.rig.prove_ready()
    context.load = BenchmarkTrial(context.trial)
    context.load.judge_cdc()
    context.trial.promise("CDC topics carry events")


@given("Kafka is running with at-least-once config")
def running_at_least_once(context: Any) -> None:
    context.rig.prove_ready()
    context.load = DeliveryTrial(context.trial)
    context.load.judge_configuration()
    context.trial.promise("at-least-once configuration")


@given("a Kafka broker is stopped and has no data")
def stopped_without_data(context: Any) -> None:
    context.startup = StartupTrial(context.trial, {})


@given("a Kafka broker is stopped gracefully and has existing data")
def stopped_with_data(context: Any) -> None:
    context.startup = StartupTrial(context.trial, {})
    context.startup.stopped_with_data(crash=False)


@given("a Kafka broker has crashed and has existing data")
def crashed_with_data(context: Any) -> None:
    context.startup = StartupTrial(context.trial, {})
    context.startup.stopped_with_data(crash=True)


@given("a Kafka broker with a session lease of {n:d} seconds has crashed and has existing data")
def crashed_with_short_lease(context: Any, n: int) -> None:
    overrides = {key: value.format(n=n) for key, value in SHORT_LEASE.items()}
    context.startup = StartupTrial(context.trial, overrides)
    context.startup.stopped_with_data(crash=True)
