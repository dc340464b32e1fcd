"""Marks a test that sees checks FAIL on the real stack; docs/checks.md lists it for each check."""

from __future__ import annotations

import pytest


def sees_red(*checks: str) -> pytest.MarkDecorator:
    """Returns the mark for tests of `make red`; `checks` are names of checks, as literals."""
    return pytest.mark.red.with_args(*checks)
