"""The stack at the beginning of a scenario, and its settings."""

from __future__ import annotations

from typing import Any

from behave import given, when

from support.experiment.benchmark_trial import BenchmarkTrial
from support.experiment.delivery_trial import DeliveryTrial


@given("Kafka broker is running with CDC topics")
def running_with_cdc_topics(context: Any) -> None:
    context.session.prove_ready()
    context.load = BenchmarkTrial(context.trial)
    context.load.judge_cdc()
    context.trial.promise("CDC topics carry events")


@given("Kafka is running with at-least-once config")
def running_at_least_once(context: Any) -> None:
    context.session.prove_ready()
    context.load = DeliveryTrial(context.trial)
    context.load.judge_configuration()
    context.trial.promise("at-least-once configuration")


@given(
    "Kafka is running with at-least-once config, and clients connect through a network that can be "
    "cut"
)
def reached_over_a_link(context: Any) -> None:
    running_at_least_once(context)
    context.load.use_link()


@given("Kafka broker is running")
def running(context: Any) -> None:
    context.session.prove_ready()
    context.load = DeliveryTrial(context.trial)


@when("developer reads the settings in force")
def read_settings(context: Any) -> None:
    context.load.judge_configuration()
