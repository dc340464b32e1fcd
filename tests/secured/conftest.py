"""Everything in this folder needs the secured stack, and is run by `make test-attach`.

`make contract` runs a part of it.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.secured.artefacts import MACHINES
from tests.secured.stack import SecuredStack, secured

FOLDER = Path(__file__).parent
IN_CONTRACT = (
    "test_a_run_leaves_the_stack_as_it_was",
    *(
        f"test_it_is_refused_in_one_message[{bad}]"
        for bad in (
            "Kafka: unknown authority",
            "Connect: wrong password",
            "PostgreSQL: plain to TLS",
            "permission: WRITE on TOPIC",
        )
    ),
)
"""One of each kind, in less than a minute."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.attach)
            if item.name in IN_CONTRACT:
                item.add_marker(pytest.mark.contract)


@pytest.fixture(scope="session")
def secured_stack() -> Iterator[SecuredStack]:
    """Yields a stack with one broker that nothing of the suite has touched."""
    if platform.machine() not in MACHINES:
        pytest.skip(f"no PostgreSQL with TLS is locked for {platform.machine()}")
    with secured() as stack:
        yield stack
