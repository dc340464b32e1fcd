"""Every check of the code is described, and a test has seen each one fail."""

from __future__ import annotations

from functools import cache

import pytest

from support.promises.__main__ import DOCUMENT, current
from support.promises.registry import ENTRIES
from support.promises.seen import seen_by_check
from support.promises.table import TITLES
from support.promises.words import NEVER, Words
from support.settings import ROOT
from tests.checks.check_names import verdicts_by_name

NAMES = [entry.name for entry in ENTRIES]
seen_red = cache(lambda: seen_by_check(ROOT / "tests" / "contract", ROOT))


def test_every_check_of_the_code_has_one_description() -> None:
    assert sorted(NAMES) == sorted(verdicts_by_name()), (
        "add a definition to support/promises/ for a new check, and remove that of an old one"
    )


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_a_description_names_the_verdicts_that_its_check_can_have(entry: Words) -> None:
    made = verdicts_by_name().get(entry.name, set())
    assert entry.can_fail == ("FAIL" in made)
    assert bool(entry.deviates) == ("DEVIATION" in made)
    assert bool(entry.measures) == ("MEASURED" in made)
    assert entry.inconclusive.startswith(NEVER) == ("INCONCLUSIVE" not in made)
    assert entry.can_fail or "INCONCLUSIVE" in made
    assert entry.topic in TITLES
    assert entry.definition.endswith(".")
    assert "|" not in f"{entry}"


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.can_fail], ids=lambda e: e.name)
def test_a_check_that_can_fail_has_been_seen_red(entry: Words) -> None:
    assert seen_red().get(entry.name), (
        f"no test in tests/contract has @sees_red({entry.name!r}): sabotage the real stack, and "
        "assert that the check gives FAIL"
    )


def test_only_checks_that_can_fail_are_seen_red() -> None:
    assert set(seen_red()) <= {entry.name for entry in ENTRIES if entry.can_fail}


def test_the_document_is_up_to_date() -> None:
    assert DOCUMENT.read_text() == current(), "run: .venv/bin/python -m support.promises"
