"""A run on the secured stack leaves none of its passwords anywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from support.settings import ROOT
from tests.contract.running import REPORTS, SMALL, ended
from tests.secret_places import Watch, places_with
from tests.secured.runs import begin
from tests.secured.stack import SecuredStack

WITHIN = timedelta(minutes=4)


@pytest.mark.parametrize(
    "tags", ["@calm-changes", "@BENCH-1", "@FR-003 and @slow and not @BENCH-3 and not @BENCH-4"]
)
def test_no_password_is_left(secured_stack: SecuredStack, tags: str) -> None:
    process = begin(secured_stack, *SMALL, "--tags", tags)
    with Watch(process.pid) as watch:
        _, output = ended(process, WITHIN)
    run = (REPORTS / "latest").resolve()
    assert (run / "run.json").is_file(), output
    for name, secret in secured_stack.passwords.items():
        assert secret not in output, name
        assert places_with(secret, run, watch.processes) == [], name
        assert places_with(secret, ROOT / ".stack" / "attach") == [], name
