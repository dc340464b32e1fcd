"""Everything in this folder needs real brokers."""

from __future__ import annotations

import signal

import pytest


def pytest_configure() -> None:
    """Let the runs under test hear SIGINT, which a job in the background of a shell ignores."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/contract" in str(item.path):
            item.add_marker(pytest.mark.contract)
