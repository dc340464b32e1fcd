"""`make tune [ARGS="NAME ... --scale 0.3"]`: tries settings and records their effects.

Every try runs scenarios of the acceptance tests with a setting, between two runs without it. The
results are reports/tuning.json, which recommendations.md uses from then on, and reports/tuning.md.
With --docs all settings are tried, and docs/tuning.md is written, too.
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
from support.report.tuning import DOCUMENT, tuning_report
from support.results.schema import GREEN, RunResult
from support.results.store import read_run, write_atomically
from support.results.tuning import FILE, Effect, Tried, Tuning
from support.settings import ROOT, Settings
from support.tuning.candidates import CANDIDATES, Candidate, Ground
from support.tuning.effects import effects

SCALE = 0.3


def sweep(names: Sequence[str], scale: float, folder: Path, progress: Progress) -> Iterator[Tried]:
    """Tries the candidates, grouped by scenarios: the baseline first and again after each one."""
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
            yield tried_with(name, candidate, tuple(found), tried, before)
            before = again


def leg(
    ground: Ground,
    settings: Mapping[str, str],
    scale: float,
    folder: Path,
    progress: Progress,
    name: str,
) -> RunResult:
    """Runs the ground's scenarios once. Raises StackError when the run left no figures."""
    progress.say(name)
    # So that an earlier run is never taken for this one.
    shutil.rmtree(folder, ignore_errors=True)
    given = {"scale": f"{scale:g}", "reports": str(folder), **settings}
    options = [part for key, value in given.items() for part in ("-D", f"{key}={value}")]
    code, output = run_to_end(["--tags", ground.expression, *options])
    run = read_run(folder / "latest") if (folder / "latest").exists() else None
    # Exit code 1: a requirement is not met, which is the effect of some settings.
    if code not in (0, 1) or run is None or run.trouble:
        raise StackError(f"The run '{name}' could not be made.", seen=output[-1500:])
    return run


def run_to_end(options: Sequence[str]) -> tuple[int, str]:
    """Runs behave with these options; returns its exit code and its output."""
    command = [sys.executable, "-m", "behave", "--no-color", *options]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            with interruptible():
                output = process.communicate()[0]
        except BaseException:
            # SIGTERM and not SIGKILL: behave has to end its stack itself.
            process.terminate()
            process.communicate()
            raise
    return process.returncode, output


def tried_with(
    name: str,
    candidate: Candidate,
    found: tuple[Effect, ...],
    run: RunResult,
    before: RunResult,
) -> Tried:
    """Returns what to record of a candidate, with the checks and scenarios that did not pass.

    `run` was made with its settings, and the run `before` without them.
    """
    broken = {
        check.name
        for scenario in run.scenarios
        for check in scenario.checks
        if check.name in scenario.promises and check.verdict not in GREEN
    }
    broken |= {s.name for s in run.scenarios if s.verdict not in GREEN and not s.promises}
    settings = dict(candidate.settings)
    ordered = tuple(sorted(found, key=lambda effect: effect.figure))
    names = tuple(sorted(broken))
    replaced = replaced_by(settings, before)
    return Tried(name, settings, candidate.hope, candidate.risk, ordered, names, replaced)


def replaced_by(settings: Mapping[str, str], before: RunResult) -> dict[str, str]:
    """Returns the values that settings had in a run without them; not those that had a default."""
    found = {}
    for key in settings:
        part, _, name = key.partition(".")
        in_force = before.provenance.in_force.get(part, {})
        value = in_force.get(name) if name else str(getattr(Settings, key))
        if value is not None:
            found[key] = value
    return found


def main(arguments: list[str]) -> int:
    given = parse(arguments)
    unknown = [name for name in given.names if name not in CANDIDATES]
    if unknown:
        sys.stderr.write(f"There is no setting named {unknown[0]}.\n  known: {list(CANDIDATES)}\n")
        return 2
    if given.docs and given.names:
        sys.stderr.write("docs/tuning.md has all settings: --docs takes no names.\n")
        return 2
    listen()
    settings, tried = Settings.load({}), list[Tried]()
    try:
        tune(given.names or list(CANDIDATES), given.scale, settings, tried)
    except BaseException as error:
        # During an interruption any error counts as its consequence.
        if not arrived() and not isinstance(error, Explained):
            raise
        ended = f"interrupted by {arrived()}; {len(tried)} settings were tried"
        sys.stderr.write(f"\n{ended if arrived() else error}\n")
        return 130 if arrived() else 2
    report = tuning_report(tuning_of(given.scale, tried))
    folders = [settings.reports, *([ROOT / "docs"] if given.docs else [])]
    for folder in folders:
        write_atomically(folder / DOCUMENT, report.encode())
    written = ", ".join(str(folder / DOCUMENT) for folder in folders)
    sys.stdout.write(f"{report}\nwritten to {settings.reports / FILE}, {written}\n")
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    """Returns `names`, `scale` and `docs`."""
    parser = argparse.ArgumentParser(prog="make tune", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(CANDIDATES))
    parser.add_argument("--scale", type=float, default=SCALE, help="of the scenarios")
    parser.add_argument("--docs", action="store_true", help="try all, and write docs/tuning.md")
    return parser.parse_args(arguments)


def tune(names: Sequence[str], scale: float, settings: Settings, tried: list[Tried]) -> None:
    """Tries the named candidates; adds each to `tried`, and writes all so far to tuning.json."""
    progress = Progress()
    progress.title("tune")
    for each in sweep(names, scale, settings.home / "tuning", progress):
        tried.append(each)
        # After each one, so that an interruption loses nothing.
        write(tuning_of(scale, tried), settings.reports / FILE)


def tuning_of(scale: float, tried: Sequence[Tried]) -> Tuning:
    """Returns what was found so far, with time, source and machine."""
    at = f"{clock.utc_now():%Y-%m-%d %H:%M} UTC"
    return Tuning(at, describe_git(ROOT), describe_host(), scale, tuple(tried))


def write(tuning: Tuning, path: Path) -> None:
    """Writes the file that recommendations.md is made from."""
    write_atomically(path, msgspec.json.format(msgspec.json.encode(tuning), indent=1))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
