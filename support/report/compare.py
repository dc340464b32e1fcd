"""Compares one run with another, or accepts a run as the baseline of later ones.

    python -m support.report.compare BASE RUN
    python -m support.report.compare --accept RUN

BASE and RUN are folders of runs. A difference counts when it is larger than a quarter of the
figure, than the spread of its repeats and than a least amount of its unit; whatever was lost counts
at once. Exit code 1: a figure is worse, or a scenario of RUN lacks a figure that BASE has.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from support.errors import Explained
from support.report.accepted import ACCEPTED, accepted_of
from support.report.changed_settings import changed_settings
from support.report.comparison import comparison
from support.report.figures import figures_of
from support.results.schema import RunResult
from support.results.store import read_run, write_atomically


def check_comparable(base: RunResult, now: RunResult) -> None:
    """Compares target and scale. Raises Explained when they differ."""
    one, other = (f"target {run.target}, scale {run.scale:g}" for run in (base, now))
    if one != other:
        raise Explained("These runs can't be compared.", seen=f"{one}; {other}", wanted="the same")


def main(arguments: list[str]) -> int:
    try:
        if len(arguments) == 2 and arguments[0] == "--accept":
            accepted = accepted_of(read_run(Path(arguments[1])))
            write_atomically(ACCEPTED, msgspec.json.format(msgspec.json.encode(accepted), indent=1))
            sys.stdout.write(f"{ACCEPTED}: {len(accepted.figures)} figures of {accepted.run_id}\n")
            return 0
        if len(arguments) != 2:
            sys.stderr.write(f"{__doc__}\n")
            return 2
        base, now = (read_run(Path(folder)) for folder in arguments)
        check_comparable(base, now)
    except Explained as error:
        sys.stderr.write(f"{error}\n")
        return 2
    text, as_good = comparison(base.run_id, figures_of(base), now)
    sys.stdout.write("\n".join([text, *changed_settings(base, now), ""]))
    return int(not as_good)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
