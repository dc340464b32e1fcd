"""Everything in this folder needs real brokers."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.contract.left_out import left_out

FOLDER = Path(__file__).parent


def pytest_configure() -> None:
    """Restores SIGINT for the runs under test: a background job of a shell ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.contract)
            if left_out(f"{item.path.relative_to(FOLDER)}::{item.name}"):
                item.add_marker(pytest.mark.full)
