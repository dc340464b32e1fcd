"""Marks the tests in which checks FAIL on the real stack; docs/checks.md lists them by check."""

from __future__ import annotations

import pytest


def sees_red(*checks: str) -> pytest.MarkDecorator:
    """Returns the mark for tests of `make red`; `checks` are names of checks, as literals."""
    return pytest.mark.red.with_args(*checks)
