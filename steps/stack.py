"""The stack at the beginning of a scenario, and its settings."""

from __future__ import annotations

from typing import Any

from behave import given, when

from support.experiment.baseline_compared import record_differences
from support.experiment.cdc_topics import record_cdc_topics
from support.experiment.in_force import record_in_force, require_connect
from support.experiment.load import Load
from support.experiment.needs import A_LINK, needs, worker_settings
from support.experiment.targets import use_link
from support.promises.cdc import CDC_TOPICS_CARRY_EVENTS
from support.promises.delivery_log import AT_LEAST_ONCE_CONFIGURATION


@given("Kafka broker is running with CDC topics")
def running_with_cdc_topics(context: Any) -> None:
    context.session.prove_ready()
    context.load = Load(context.trial)
    record_cdc_topics(context.trial)
    context.require(CDC_TOPICS_CARRY_EVENTS)


@given("Kafka is running with at-least-once config")
def running_at_least_once(context: Any) -> None:
    context.session.prove_ready()
    context.load = Load(context.trial)
    record_in_force(context.trial, context.load.topic)
    context.require(AT_LEAST_ONCE_CONFIGURATION)


@given(
    "Kafka is running with at-least-once config, and clients connect through a network that can be "
    "cut"
)
@needs(A_LINK)
def reached_over_a_link(context: Any) -> None:
    running_at_least_once(context)
    use_link(context.load)


@given("Kafka broker is running")
def running(context: Any) -> None:
    context.session.prove_ready()
    context.load = Load(context.trial)


@given("Kafka Connect is running, and the settings of its worker are known")
@needs(worker_settings)
def worker_is_known(context: Any) -> None:
    running(context)
    require_connect(context.trial)


@when("developer reads the settings in force")
def read_settings(context: Any) -> None:
    record_in_force(context.trial, context.load.topic)
    record_differences(context.trial)
