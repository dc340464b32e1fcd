"""Looks at a stack that others run and reports what each scenario could do there.

`python -m check_stack -D stack=stack.toml`. Nothing is created or changed. Exit code 0: a run would
be possible; 2: a part can't be used, or a setting is wrong.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from behave import register_type
from behave.configuration import Configuration
from behave.parser import parse_file
from behave.runner_util import load_step_modules
from behave.step_registry import registry

from support.errors import Explained
from support.interruption import arrived, listen
from support.phrases import TYPES
from support.progress import Progress
from support.scenarios import measured_by, needed_of_team, needs_of, writes
from support.settings import ROOT, Settings
from support.stack.attached.choose import attach
from support.stack.attached.stack import AttachedStack
from support.stack.choose import choose_stack
from support.survey.captured import team_seen
from support.survey.look import look
from support.survey.more import CONTAINERS
from support.survey.scenarios import Wanted, prospects
from support.survey.text import NOT_USABLE, USABLE, exit_code, judged, of_our_own, report

INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make check-stack", description=__doc__)
    parser.add_argument("-D", "--define", action="append", default=[], metavar="KEY=VALUE")
    given = parser.parse_args(arguments)
    listen()
    try:
        pairs = (definition.partition("=") for definition in given.define)
        return check(Settings.load({key: value for key, _, value in pairs}))
    except BaseException as error:
        if not arrived() and not isinstance(error, Explained):
            raise
        sys.stderr.write(f"\n{f'interrupted by {arrived()}' if arrived() else error}\n")
        return INTERRUPTED if arrived() else NOT_USABLE


def check(settings: Settings) -> int:
    """Prints the report, and returns the exit code."""
    progress = Progress()
    progress.title("check-stack")
    if settings.target != "attach":
        could = prospects(wanted(), choose_stack(settings, progress), settings)
        _print(of_our_own(settings.target, could))
        return USABLE
    stack = _without_containers(settings, progress)
    stack.clean_tools_if_idle()
    progress.say("looking at the stack; nothing is created or changed")
    found = look(stack, settings)
    parts = judged(found, stack.baseline.cdc_topics)
    if not any(each.trouble for each in found.more if each.name == CONTAINERS):
        stack = attach(settings, progress)
    could = prospects(wanted(), stack, settings, team_seen(found))
    _print(report(found, parts, could))
    return exit_code(parts)


def _print(lines: Iterable[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _without_containers(settings: Settings, progress: Progress) -> AttachedStack:
    """The stack, whether its named containers exist or not. Raises SettingsError."""
    without = dataclasses.replace(
        settings,
        allow_destructive=False,
        kafka_container="",
        connect_container="",
        postgres_container="",
    )
    return attach(without, progress)


def wanted() -> Iterator[Wanted]:
    """Yields every scenario with what its steps need, as behave would run them."""
    # Its examples are named as behave.ini asks for.
    Configuration(command_args=[], load_config=True)
    register_type(**TYPES)
    if not registry.steps["given"]:
        load_step_modules([str(ROOT / "steps")])
    for path in sorted((ROOT / "features").rglob("*.feature")):
        for scenario in parse_file(str(path)).walk_scenarios():
            if not {"wip", "upgrade"} & set(scenario.effective_tags):
                name = str(path.relative_to(ROOT))
                find = registry.find_match
                yield Wanted(
                    name,
                    str(scenario.name),
                    needs_of(scenario, find),
                    measured_by(scenario, find),
                    needed_of_team(scenario, find),
                    writes(scenario),
                )


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # A client that waits for a part that does not answer must not keep this process.
    os._exit(code)
