"""The beginning and the end of a run: its exit codes, its last verdict and its reports."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
from collections.abc import Mapping

from support.errors import Explained
from support.interruption import arrived, ignore_further_signals, listen
from support.report.accepted import judged_by_accepted
from support.report.documents import write_reports
from support.report.junit import mark_deviations
from support.report.last_screen import last_screen
from support.report.verdict import unreported_trouble
from support.session import RunSession
from support.settings import Settings

REFUSED, INTERRUPTED = 2, 130
"""Exit codes of a run that ended before its first scenario."""

OF_A_LOG = (120, 20)
"""Columns and lines of the last screen where there is no terminal."""


def begin(userdata: Mapping[str, str]) -> RunSession:
    """Start the session that the `-D` settings ask for.

    If that fails, prints one message, ends what was started, and exits. Otherwise behave would
    continue, and list every scenario as untested.
    """
    listen()
    try:
        session = RunSession(Settings.load(userdata))
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


def end(session: RunSession, *, aborted: bool, hook_failed: bool, step_failed: bool) -> str:
    """End the stack, write the result and the reports, and print the last screen.

    Returns the reason why the exit code must not be 0 although no step failed; empty if there is
    none.
    """
    ignore_further_signals()
    session.end_stack()
    trouble = "the run was interrupted" if aborted or arrived() else ""
    result = session.result(trouble or ("a hook failed" if hook_failed else ""))
    if session.settings.fail_on_regression and not result.trouble:
        result = judged_by_accepted(result)
    session.store.write_run(result)
    session.store.link_latest()
    mark_deviations(session.store.folder / "junit", result.scenarios)
    write_reports(session.store.folder)
    width = shutil.get_terminal_size(OF_A_LOG).columns
    lines = last_screen(result, session.store.folder, width)
    sys.stdout.write("".join(f"{line}\n" for line in ["", *lines]))
    session.close()
    return unreported_trouble(result, failed=step_failed)
