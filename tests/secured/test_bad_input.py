"""Input that can't work on a secured stack is refused at once, in one message, without a secret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.running import ANY
from tests.secured import bad_inputs
from tests.secured.bad_inputs import BadInput
from tests.secured.bench import WRONG, bench
from tests.secured.picture import changes, picture
from tests.secured.runs import CLEAN, run
from tests.secured.stack import SecuredStack

SECONDS = 20
"""The start of the interpreter included, on a small machine that is busy."""
PARTS = {
    "Kafka": bad_inputs.KAFKA,
    "Connect": bad_inputs.CONNECT,
    "PostgreSQL": bad_inputs.DATABASE,
    "permission": bad_inputs.PERMISSIONS,
}


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left(secured_stack: SecuredStack) -> Iterator[None]:
    """The stack is the same after all of these tests."""
    before = picture(secured_stack)
    yield
    assert changes(before, picture(secured_stack)) == ""


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(bad, id=f"{part}: {name}")
        for part, inputs in PARTS.items()
        for name, bad in inputs.items()
    ],
)
def test_it_is_refused_in_one_message(
    secured_stack: SecuredStack, bad: BadInput, tmp_path: Path
) -> None:
    with bench(secured_stack, tmp_path) as made_of:
        change = bad.make(made_of)
        done = run(secured_stack, *change.options, *ANY, environment=change.environment)
    assert done.code == 2, done.output
    assert bad.said in done.output, done.output
    assert "Traceback" not in done.output
    assert done.took_s < SECONDS, done.output
    assert secrets_in(secured_stack, done.output) == []
    if "which is left" in done.output:
        assert run(secured_stack, command=CLEAN).code == 0


def secrets_in(stack: SecuredStack, text: str) -> list[str]:
    """The names of the passwords that a text contains."""
    passwords = {**stack.passwords, "the wrong one": WRONG}
    return [name for name, secret in passwords.items() if secret in text]
