"""One embedded stack with a team's schema and connectors for all tests of this folder."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from support.progress import Progress
from support.settings import Settings
from support.stack.embedded.stack import EmbeddedStack
from tests.contract.audit.team import Team
from tests.contract.running import running_stack

ROWS = 300


@pytest.fixture(scope="package")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    settings = Settings.load({"scale": "0.05"})
    with running_stack(EmbeddedStack(settings, Progress(io.StringIO()))) as stack:
        made = Team(stack, tmp_path_factory.mktemp("audit"))
        with made.running(ROWS):
            yield made
