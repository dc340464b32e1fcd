"""`make tune [ARGS="NAME ... --scale 0.3"]`: tries settings and writes down what they do.

Every try is a run of the same scenarios as in the acceptance tests, between two runs without the
setting. The result is reports/tuning.json, and part of recommendations.md from then on.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import msgspec

from support import clock
from support.errors import Explained, StackError
from support.interruption import arrived, interruptible, listen
from support.progress import Progress
from support.provenance import describe_git, describe_host
from support.report.figures import figures_of
from support.report.tuning import tuning_section
from support.results.schema import GREEN, RunResult
from support.results.store import read_run, write_atomically
from support.results.tuning import FILE, Effect, Tried, Tuning
from support.settings import ROOT, Settings
from support.tuning.candidates import CANDIDATES, Candidate, Ground
from support.tuning.effects import effects

SCALE = 0.3


def sweep(names: Sequence[str], scale: float, folder: Path, progress: Progress) -> Iterator[Tried]:
    """Ground by ground: the baseline first, and again after each candidate."""
    ordered = sorted(names, key=lambda name: CANDIDATES[name].ground.tags)
    for _, group in groupby(ordered, key=lambda name: CANDIDATES[name].ground):
        before: RunResult | None = None
        for name in group:
            candidate = CANDIDATES[name]
            ground = candidate.ground
            before = before or leg(ground, {}, scale, folder, progress, f"before {name}")
            tried = leg(ground, candidate.settings, scale, folder, progress, name)
            again = leg(ground, {}, scale, folder, progress, f"after {name}")
            legs = (figures_of(before), figures_of(tried), figures_of(again))
            found = effects(legs, ground.figures)
            yield told(name, candidate, tuple(found), tried)
            before = again


def leg(
    ground: Ground,
    settings: Mapping[str, str],
    scale: float,
    folder: Path,
    progress: Progress,
    name: str,
) -> RunResult:
    """One run of the ground's scenarios. Raises StackError when it left no figures."""
    progress.say(name)
    # So that no earlier run is taken for this one, whatever becomes of it.
    shutil.rmtree(folder, ignore_errors=True)
    given = {"scale": f"{scale:g}", "reports": str(folder), **settings}
    options = [part for key, value in given.items() for part in ("-D", f"{key}={value}")]
    command = [sys.executable, "-m", "behave", "--no-color", "--tags", ground.expression, *options]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            with interruptible():
                output = process.communicate()[0]
        except BaseException:
            # It ends its stack by itself when it is told to; killed, it could not.
            process.terminate()
            process.communicate()
            raise
    # Exit code 1 is a broken promise: with some settings that is what is to be seen.
    run = read_run(folder / "latest") if (folder / "latest").exists() else None
    if process.returncode not in (0, 1) or run is None or run.trouble:
        raise StackError(f"The run '{name}' could not be made.", seen=output[-1500:])
    return run


def told(name: str, candidate: Candidate, found: tuple[Effect, ...], run: RunResult) -> Tried:
    """With what the candidate's own run did not keep: promises, or whole scenarios."""
    broken = {
        check.name
        for scenario in run.scenarios
        for check in scenario.checks
        if check.name in scenario.promises and check.verdict not in GREEN
    }
    broken |= {s.name for s in run.scenarios if s.verdict not in GREEN and not s.promises}
    settings = dict(candidate.settings)
    ordered = tuple(sorted(found, key=lambda effect: effect.figure))
    return Tried(name, settings, candidate.hope, candidate.risk, ordered, tuple(sorted(broken)))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make tune", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(CANDIDATES))
    parser.add_argument("--scale", type=float, default=SCALE, help="of the scenarios")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in CANDIDATES]
    if unknown:
        sys.stderr.write(f"There is no setting named {unknown[0]}.\n  known: {list(CANDIDATES)}\n")
        return 2
    listen()
    progress, settings = Progress(), Settings.load({})
    progress.title("tune")
    path, tried = settings.reports / FILE, list[Tried]()
    try:
        names = given.names or list(CANDIDATES)
        for each in sweep(names, given.scale, settings.home / "tuning", progress):
            tried.append(each)
            # After each one: what was tried is not lost with what is still to come.
            tuning = Tuning(
                f"{clock.utc_now():%Y-%m-%d %H:%M} UTC",
                describe_git(ROOT),
                describe_host(),
                given.scale,
                tuple(tried),
            )
            write_atomically(path, msgspec.json.format(msgspec.json.encode(tuning), indent=1))
    except BaseException as error:
        # Any error in the place of the interruption is the interruption.
        if not arrived() and not isinstance(error, Explained):
            raise
        ended = f"interrupted by {arrived()}; {len(tried)} settings were tried"
        sys.stderr.write(f"\n{ended if arrived() else error}\n")
        return 130 if arrived() else 2
    sys.stdout.write("\n".join([*tuning_section(tuning), f"written to {path}", ""]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
