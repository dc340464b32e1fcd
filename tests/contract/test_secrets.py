"""A run on a stack of others leaves no secret, and says in one message what keeps it from starting.

The stack is one of `make up`. It asks for no login, so that passwords are given in vain; whether
they are found anywhere does not depend on that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest

from support.settings import ROOT
from tests.contract.running import (
    ANY,
    LONGEST_RUN,
    MODULE,
    REPORTS,
    SMALL,
    ended,
    nothing_left,
    stack_by_hand,
    start,
)
from tests.secret_places import Watch, places_with

OF_CONNECT, OF_DATABASE = "S3cretOfConnect", "S3cretOfDatabase"
SOON = timedelta(seconds=20)


@pytest.fixture(scope="module")
def ports() -> Iterator[Mapping[str, int]]:
    """Yields name -> port of a stack of `make up`; `make down` leaves nothing."""
    with stack_by_hand():
        state = json.loads((ROOT / ".stack" / "stack.json").read_text())
        yield state["ports"]
    nothing_left()


def attached(ports: Mapping[str, int], **changed: str) -> tuple[str, ...]:
    """Options for a run that is attached to this stack, with passwords in its URLs."""
    given = {
        "target": "attach",
        "bootstrap": f"127.0.0.1:{ports['kafka']}",
        "connect": f"http://ops:{OF_CONNECT}@127.0.0.1:{ports['connect']}",
        "database": f"postgresql://cdc:{OF_DATABASE}@127.0.0.1:{ports['postgres']}/app",
        **changed,
    }
    return tuple(part for pair in given.items() for part in ("-D", "=".join(pair)))


@pytest.mark.parametrize(
    "which",
    [("--tags", "@BENCH-1"), ("--name", "Without a failure all database changes")],
    ids=["load", "changes"],
)
def test_a_run_leaves_no_secret(ports: Mapping[str, int], which: tuple[str, str]) -> None:
    process = start(*SMALL, *attached(ports), *which)
    with Watch(process.pid) as watch:
        _, output = ended(process, LONGEST_RUN)
    run = (REPORTS / "latest").resolve()
    assert (run / "run.json").is_file(), output
    assert list((run / "allure-results").iterdir())
    assert any("support.generate" in " ".join(seen.arguments) for seen in watch.processes) == (
        which[0] == "--tags"
    )
    assert (
        json.loads((run / "run.json").read_text())["provenance"]["settings"]["connect_user"]
        == "ops"
    )
    for secret in (OF_CONNECT, OF_DATABASE):
        assert secret not in output
        assert places_with(secret, run, watch.processes) == []
        assert places_with(secret, ROOT / ".stack" / "attach") == []


@pytest.mark.parametrize(
    ("scheme", "path", "said"),
    [
        ("http", "/team-b", "There is no Kafka Connect at http://127.0.0.1"),
        ("https", "", "does not speak TLS"),
        ("http", "/?a=b", "The setting connect is not the URL of one server"),
    ],
    ids=["another prefix", "TLS to plain", "a query"],
)
def test_what_is_wrong_with_connect_is_one_message(
    ports: Mapping[str, int], scheme: str, path: str, said: str
) -> None:
    url = f"{scheme}://ops:{OF_CONNECT}@127.0.0.1:{ports['connect']}{path}"
    code, output = ended(start(*SMALL, *attached(ports, connect=url), *ANY), SOON)
    assert code == 2, output
    assert said in output
    assert "Traceback" not in output
    assert OF_CONNECT not in output


def test_clean_remote_prints_no_secret(ports: Mapping[str, int]) -> None:
    code, output = ended(start("clean-remote", *attached(ports), command=MODULE), SOON)
    assert code == 0, output
    assert OF_CONNECT not in output
    assert OF_DATABASE not in output
