"""Manages the stack by hand: `python -m support.stack COMMAND [-D key=value ...]`."""

from __future__ import annotations

import argparse
import dataclasses
import sys

from support import clock
from support.clients.logfile import tail
from support.errors import Explained, SettingsError
from support.interruption import arrived, check, listen, uninterrupted
from support.progress import Progress
from support.runlock import RunLock
from support.settings import Settings
from support.stack.attached.choose import attach
from support.stack.attached.fault_journal import fault_journal
from support.stack.attached.healing import heal
from support.stack.capability_table import capability_table
from support.stack.choose import choose_stack
from support.stack.leftovers import clean
from support.stack.lifecycle import LocalStack


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m support.stack", description=__doc__)
    parser.add_argument("command", choices=[*COMMANDS, "clean-remote", "capabilities"])
    parser.add_argument("-D", "--define", action="append", default=[], metavar="KEY=VALUE")
    given = parser.parse_args(arguments)
    if given.command == "capabilities":
        sys.stdout.write(capability_table())
        return 0
    listen()
    progress = Progress()
    progress.title("stack")
    try:
        pairs = (definition.partition("=") for definition in given.define)
        settings = Settings.load({key: value for key, _, value in pairs})
        if given.command == "clean-remote":
            return _clean_remote(settings, progress)
        stack = choose_stack(settings, progress)
        if not isinstance(stack, LocalStack):
            raise SettingsError(
                f"The suite does not start or end the target {settings.target}.",
                then="clean-remote removes what its runs left there",
            )
        return COMMANDS[given.command](settings, stack, progress)
    except BaseException as error:
        # After a signal any error is part of the interruption.
        if not arrived() and not isinstance(error, Explained):
            raise
        ended = f"interrupted by {arrived()}; what this command had started was ended"
        sys.stderr.write(f"\n{ended if arrived() else error}\n")
        return 130 if arrived() else 2


def _up(settings: Settings, stack: LocalStack, progress: Progress) -> int:
    lock = RunLock(settings.home)
    lock.take()
    began = clock.now_ns()
    try:
        stack.start()
        check()
    except BaseException:
        with uninterrupted():
            stack.stop()
        raise
    stack.leave_running()
    progress.say(f"ready after {(clock.now_ns() - began) / clock.NS_PER_S:.1f} s")
    return _print_status(stack)


def _down(settings: Settings, stack: LocalStack, progress: Progress) -> int:
    lock = RunLock(settings.home)
    lock.take()
    with uninterrupted():
        ended = stack.take_down()
    progress.say(f"ended {', '.join(ended)}" if ended else "nothing was running")
    return 0


def _status(_settings: Settings, stack: LocalStack, progress: Progress) -> int:
    if not stack.find_running():
        progress.say("no stack is up (make up starts one)")
        return 1
    return _print_status(stack)


def _logs(_settings: Settings, stack: LocalStack, _progress: Progress) -> int:
    # A container's log is gone with the container; the log file of a process stays.
    stack.find_running()
    for name, path in stack.logs().items():
        sys.stdout.write(f"== {name}: {path}\n{tail(path, 20)}\n\n")
    return 0


def _fetch(settings: Settings, stack: LocalStack, progress: Progress) -> int:
    stack.fetch()
    progress.say(f"the stack's files are in {settings.cache}, verified")
    return 0


def _clean_remote(settings: Settings, progress: Progress) -> int:
    if settings.target != "attach":
        raise SettingsError(
            "clean-remote is for a stack that others run.",
            then="-D stack=stack.toml, or -D target=attach -D bootstrap=... -D connect=... "
            "-D database=...; for the suite's own stack: make down",
        )
    # Nothing is broken here: allow_destructive means that recent leftovers may be removed.
    where = dataclasses.replace(
        settings,
        allow_destructive=False,
        kafka_container="",
        connect_container="",
        postgres_container="",
    )
    # With the lock: a run of this clone may have broken a part on purpose at this moment.
    lock = RunLock(settings.home)
    lock.take()
    stack = attach(where, progress)
    stack.clean_tools()
    lines = list(heal(fault_journal(settings), stack.endpoints, stack.baseline))
    stack.reach()
    lines += clean(stack.endpoints, also_recent=settings.allow_destructive)
    for line in lines or ["nothing was left"]:
        progress.say(line)
    return int(any(line.startswith("NOT ") for line in lines))


def _print_status(stack: LocalStack) -> int:
    parts = stack.status()
    for part in parts:
        pid = f"pid {part.pid}" if part.pid else ""
        sys.stdout.write(f"{part.component.value:9} {part.state:5} {part.address:34} {pid}\n")
    return 0 if all(part.state == "up" for part in parts) else 1


COMMANDS = {"up": _up, "down": _down, "status": _status, "logs": _logs, "fetch": _fetch}

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
