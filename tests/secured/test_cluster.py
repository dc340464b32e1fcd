"""The secured stack with three brokers, by a password and by a client certificate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.running import SMALL, checks, latest_run
from tests.secured.picture import changes, picture
from tests.secured.runs import run
from tests.secured.stack import SecuredStack, secured

SCENARIOS = ("--tags", "@calm-changes,@control")
"""Database changes, and a load. No benchmark: three brokers with TLS are too much for two cores."""


@pytest.fixture(scope="module")
def three_brokers(secured_stack: SecuredStack) -> Iterator[SecuredStack]:
    """Yields a stack with three brokers; skipped where the one with one broker is."""
    with secured(brokers=3) as stack:
        yield stack


@pytest.mark.parametrize("mutual", [False, True], ids=["SCRAM", "mTLS"])
def test_a_run_passes_and_leaves_the_cluster_as_it_was(
    three_brokers: SecuredStack, mutual: bool
) -> None:
    before = picture(three_brokers)
    done = run(three_brokers, *SMALL, *SCENARIOS, mutual=mutual)
    assert done.code == 0, done.output
    run_json = latest_run()
    assert {each["verdict"] for each in run_json["scenarios"]} == {"PASS"}, done.output
    assert checks(run_json)
    assert changes(before, picture(three_brokers)) == ""
