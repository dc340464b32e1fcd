"""The beginning and the end of a run: its exit codes, its last verdict and its reports."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from support import clock
from support.errors import Explained
from support.interruption import arrived, ignore_further_signals, listen
from support.report.accepted import judged_by_accepted
from support.report.ci import ci_log
from support.report.documents import write_reports
from support.report.junit import asked_folder, complete, copy
from support.report.last_screen import last_screen
from support.report.verdict import unreported_trouble
from support.results.schema import RunResult
from support.session import RunSession
from support.settings import ROOT, Settings
from support.settings.environment import own_environment

REFUSED, INTERRUPTED = 2, 130
"""Exit codes of a run that ended before its first scenario."""

OF_A_LOG = (120, 20)
"""Columns and lines of the last screen where there is no terminal."""


@dataclass(frozen=True)
class Ending:
    """How behave's run ended; `stopped`: by --stop, after the first failure."""

    aborted: bool
    hook_failed: bool
    step_failed: bool
    stopped: bool

    @property
    def trouble(self) -> str:
        """Why the run as a whole is not valid; empty if it is."""
        if self.aborted or arrived():
            return "the run was interrupted"
        if self.hook_failed:
            return "a hook failed"
        return "--stop: what comes after the first failure was not run" if self.stopped else ""


@dataclass(frozen=True)
class Call:
    """How behave was called: which options select scenarios, and the folder for JUnit, if any."""

    selection: tuple[str, ...] = ()
    junit: Path | None = None


def begin(userdata: Mapping[str, str], call: Call) -> RunSession:
    """Starts the session that the `-D` settings ask for, and makes the folder for JUnit.

    If that fails, prints one message, ends what was started, and exits. Otherwise behave would
    continue, and list every scenario as untested.
    """
    listen()
    try:
        asked_folder(call.junit)
        session = RunSession(Settings.load(userdata), call.selection)
        # behave calls no hook for some ends, such as a Ctrl-C between two scenarios.
        atexit.register(session.close)
        session.start()
    except (Exception, KeyboardInterrupt) as trouble:  # noqa: BLE001 - printed, and the run ends
        name = "" if isinstance(trouble, Explained) else f"{type(trouble).__name__}: "
        ended = f"interrupted by {arrived()}; what was started has been ended"
        sys.stderr.write(f"\n{ended if arrived() else f'{name}{trouble}'}\n")
        sys.stderr.flush()
        os._exit(INTERRUPTED if arrived() else REFUSED)
    return session


def open_section(title: str) -> None:
    """Opens a section in the log of continuous integration; does nothing elsewhere."""
    sys.stdout.write(ci_log(own_environment(), ROOT).opening(title, clock.utc_now()))


def close_section(title: str) -> None:
    """Closes the section."""
    sys.stdout.write(ci_log(own_environment(), ROOT).closing(title, clock.utc_now()))


def end(session: RunSession, ending: Ending, call: Call) -> str:
    """Ends the stack, writes the result and the reports, and prints the last screen.

    Returns the reason why the exit code must not be 0 although no step failed; empty if there is
    none.
    """
    ignore_further_signals()
    session.end_stack()
    result, folder = session.result(ending.trouble), session.store.folder
    if session.settings.fail_on_regression and not result.trouble:
        result = judged_by_accepted(result)
    session.store.write_run(result)
    session.store.link_latest()
    complete(folder / "junit", result.scenarios)
    copy(folder / "junit", call.junit)
    write_reports(folder)
    _print_end(result, folder)
    session.close()
    return unreported_trouble(result, failed=ending.step_failed)


def _print_end(result: RunResult, folder: Path) -> None:
    """Prints the annotations of continuous integration, and the last screen."""
    lines = last_screen(result, folder, shutil.get_terminal_size(OF_A_LOG).columns)
    annotations = ci_log(own_environment(), ROOT).annotations(result.scenarios)
    sys.stdout.write("".join([*annotations, "\n", *(f"{line}\n" for line in lines)]))
