"""Producers that send wrongly, and sabotage of the log."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.experiment.experiment import Experiment
from support.experiment.in_force import record_in_force
from support.promises.delivery import applying
from support.promises.delivery_log import (
    AT_LEAST_ONCE_CONFIGURATION,
    NOTHING_TWICE,
    WORKER_CONFIGURATION,
)
from tests.contract.damage import flip_a_byte
from tests.contract.red.producer import intrude, send
from tests.contract.red.stack import SabotagedStack
from tests.contract.red.topic import COUNT, Topic
from tests.contract.red.verdicts import described, failing, judged, red
from tests.contract.seen_red import sees_red


def wrong(topic: Topic) -> set[str]:
    """Records what happened to a topic, and returns the checks that are FAIL."""
    return failing(topic.trial, *applying(topic.record()))


def test_a_careful_producer_is_not_red(trial: Experiment) -> None:
    assert wrong(Topic(trial).fill()) == set()


@sees_red("reordered")
def test_records_that_overtook_each_other(trial: Experiment) -> None:
    topic = Topic(trial).fill([0, 1, 3, 2, *range(4, COUNT)])
    assert wrong(topic) == {"reordered"}


@sees_red("nothing twice")
def test_a_record_that_was_sent_again_under_another_offset(trial: Experiment) -> None:
    assert wrong(Topic(trial).fill([0, 1, 2, 2, *range(3, COUNT)])) == set()
    assert failing(trial, NOTHING_TWICE) == {"nothing twice"}


@sees_red("corrupt")
def test_a_flipped_bit(trial: Experiment) -> None:
    assert wrong(Topic(trial).fill(damaged=[7])) == {"corrupt"}


@sees_red("phantom")
def test_a_record_that_was_never_sent(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    intrude(topic.kafka, topic.name, COUNT + 1)
    assert wrong(topic) == {"phantom"}


@sees_red("accepted")
def test_records_that_the_topic_refuses(trial: Experiment) -> None:
    assert wrong(Topic(trial, **{"max.message.bytes": "5000"}).fill()) == {"accepted"}


@sees_red("lost", "retention violated")
def test_records_that_another_client_deleted(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    topic.delete_up_to(3)
    assert wrong(topic) == {"lost", "retention violated"}


@sees_red("damaged", "lost")
def test_a_byte_that_the_disk_lost(stack: SabotagedStack, trial: Experiment) -> None:
    topic = Topic(trial).fill()
    (segment,) = stack.broker().data.glob(f"{topic.name}-0/*.log")
    flip_a_byte(segment)
    assert wrong(topic) == {"damaged", "lost"}


def shorter(topic: Topic) -> None:
    send(topic.kafka, topic.name, range(COUNT - 5))


def another_order(topic: Topic) -> None:
    send(topic.kafka, topic.name, [1, 0, *range(2, COUNT)])


@sees_red("lost", "log truncated", "changed on re-read")
@pytest.mark.parametrize(
    ("write_again", "found"),
    [
        (shorter, {"lost", "log truncated"}),
        (another_order, {"changed on re-read", "reordered"}),
    ],
)
def test_a_topic_that_was_made_again(
    trial: Experiment, write_again: Callable[[Topic], None], found: set[str]
) -> None:
    topic = Topic(trial).fill()
    topic.recreate()
    write_again(topic)
    assert wrong(topic) == found


@sees_red("at-least-once configuration")
def test_a_topic_that_forgets_after_an_hour(stack: SabotagedStack, trial: Experiment) -> None:
    stack.capture_into(trial, **{"retention.ms": "3600000"})
    record_in_force(trial, trial.create_topic("load"))
    trial.verdicts.judge(AT_LEAST_ONCE_CONFIGURATION)
    assert red(judged(trial)) == {"at-least-once configuration"}, described(trial)


@sees_red("worker configuration")
def test_a_worker_whose_producer_does_not_wait_for_replicas(
    stack: SabotagedStack, trial: Experiment
) -> None:
    stack.configure(worker={"producer.acks": "1"})
    record_in_force(trial, trial.create_topic("load"))
    trial.verdicts.judge(WORKER_CONFIGURATION)
    assert red(judged(trial)) == {"worker configuration"}, described(trial)
