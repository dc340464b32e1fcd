"""After a run the stack of another team is as before, also after a run that was killed."""

from __future__ import annotations

from datetime import timedelta

from support.waiting import wait_until
from tests.contract.running import SMALL, end_group
from tests.secured.picture import changes, picture
from tests.secured.runs import CLEAN, begin, run
from tests.secured.stack import SecuredStack

CHANGES = ("--tags", "@calm-changes")
"""A scenario that creates all kinds of things: topics, groups, a schema, a slot, a connector."""
BEGUN = timedelta(seconds=60)


def test_a_run_leaves_the_stack_as_it_was(secured_stack: SecuredStack) -> None:
    before = picture(secured_stack)
    done = run(secured_stack, *SMALL, *CHANGES)
    assert done.code == 0, done.output
    assert changes(before, picture(secured_stack)) == ""


def test_clean_remote_removes_all_of_a_killed_run(secured_stack: SecuredStack) -> None:
    before = picture(secured_stack)
    begun = begin(secured_stack, *SMALL, *CHANGES)
    try:
        wait_until(lambda: pipelines(secured_stack), bool, BEGUN, "the run's connector")
    finally:
        end_group(begun)
        begun.communicate()
    assert "kafka_validation_run" in changes(before, picture(secured_stack))
    cleaned = run(secured_stack, command=CLEAN)
    assert cleaned.code == 0, cleaned.output
    assert changes(before, picture(secured_stack)) == ""


def pipelines(stack: SecuredStack) -> list[str]:
    """The connectors of runs."""
    found = stack.connect.get("connectors")
    assert isinstance(found, list)
    return [name for name in found if "kafka_validation" in name]
