"""compose, and attach with a named container, keep what every target promises."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from support.progress import Progress
from support.settings import Settings
from support.stack.choose import choose_stack
from support.stack.compose.stack import ComposeStack
from support.stack.lifecycle import Stack
from tests.contract.every_target import (
    test_a_crashed_broker_comes_back_with_its_data_and_is_noticed,
    test_a_crashed_database_comes_back,
    test_a_cut_link_carries_nothing_until_it_is_restored,
    test_it_has_a_capability_or_the_reason_why_not,
    test_it_serves_and_its_topics_carry_events,
    test_its_logs_can_be_read,
    test_its_usage_is_measured,
    test_its_versions_are_known,
)
from tests.docker.scenarios import addresses

__all__ = [
    "test_a_crashed_broker_comes_back_with_its_data_and_is_noticed",
    "test_a_crashed_database_comes_back",
    "test_a_cut_link_carries_nothing_until_it_is_restored",
    "test_it_has_a_capability_or_the_reason_why_not",
    "test_it_serves_and_its_topics_carry_events",
    "test_its_logs_can_be_read",
    "test_its_usage_is_measured",
    "test_its_versions_are_known",
]


@pytest.fixture(scope="module", params=["compose", "attach"])
def target(request: pytest.FixtureRequest, foreign: ComposeStack) -> Iterator[Stack]:
    """A compose stack, and the same one as a stack of others whose broker may be broken."""
    if request.param == "compose":
        yield foreign
        return
    pairs = (pair.partition("=") for pair in addresses(foreign.endpoints)[1::2])
    given = {key: value for key, _, value in pairs}
    container = {"kafka_container": foreign.broker()._find().name, "allow_destructive": "yes"}
    attached = choose_stack(Settings.load({**given, **container}), Progress(io.StringIO()))
    attached.start()
    try:
        yield attached
    finally:
        attached.stop()
