"""Marks a test that sees checks FAIL on the real stack; docs/checks.md names it at each of them."""

from __future__ import annotations

import pytest


def sees_red(*checks: str) -> pytest.MarkDecorator:
    """`checks`: names as in support/checks/catalogue, as literals. `make red` runs these tests."""
    return pytest.mark.red.with_args(*checks)
