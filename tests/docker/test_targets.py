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
from tests.contract.every_target import *  # noqa: F403
from tests.docker.scenarios import addresses


@pytest.fixture(scope="module", params=["compose", "attach"])
def target(request: pytest.FixtureRequest, foreign: ComposeStack) -> Iterator[Stack]:
    """A compose stack, and the same one as a stack of others that may be broken."""
    if request.param == "compose":
        yield foreign
        return
    pairs = (pair.partition("=") for pair in addresses(foreign.endpoints)[1::2])
    given = {key: value for key, _, value in pairs}
    breakable = {
        "kafka_container": foreign.broker()._find().name,
        "postgres_container": foreign.database_server()._find().name,
        "allow_destructive": "yes",
    }
    attached = choose_stack(Settings.load({**given, **breakable}), Progress(io.StringIO()))
    attached.start()
    try:
        yield attached
    finally:
        attached.stop()
