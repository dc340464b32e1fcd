"""behave's command line: what it means to this suite, whatever folder behave is called from."""

from __future__ import annotations

import copy
import io
import itertools
import os
import stat
import sys
from collections.abc import MutableSequence
from pathlib import Path
from typing import Any

from behave.configuration import Configuration, read_configuration
from behave.formatter.json import JSONFormatter
from behave.formatter.plain import PlainFormatter
from behave.model import ScenarioOutline
from behave.reporter.junit import JUnitReporter
from behave.reporter.summary import AbstractSummaryReporter
from behave.runner import Runner

ROOT = Path(__file__).resolve().parent
OWN = read_configuration(str(ROOT / "behave.ini"))
"""Our settings of behave, which it reads only when it is called from this folder."""

NOT_APPLIED = ("paths", "userdata", "default_format", "scenario_outline_annotation_schema")
"""Settings of behave.ini that need more than a new value, or come too late for one."""

NO_JOBS = "--jobs has no effect: scenarios run one after another, or they would disturb each other"
UNBUFFERED = (
    "The output begins with a line of behave and is not valid JSON, because PYTHONUNBUFFERED or "
    "python -u is in force. Use -f json -o FILE, or --runner=command_line:JsonRunner"
)
FIRST_LINE = "USING RUNNER: behave.runner:Runner\n"
"""The line that behave writes to stdout before it reads anything of ours."""


class JsonRunner(Runner):  # type: ignore[misc]
    """behave's runner; if JSON is written to stdout, everything else goes to stderr from the start.

    Selected with --runner, because behave can import it only with this folder in sys.path.
    """

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        # behave gives the formatters their outputs in this order, and stdout to the others.
        files = itertools.chain((each.name for each in config.outputs), itertools.repeat(None))
        for name, file in zip(config.format, files, strict=False):
            if name.startswith("json") and not file:
                sys.stdout = sys.stderr
                _drop_summary(config)


def name_scenarios() -> None:
    """Names the scenarios of outlines as behave.ini says; to be called before features are read."""
    ScenarioOutline.annotation_schema = OWN["scenario_outline_annotation_schema"]


def adapt(config: Any, formatters: MutableSequence[Any]) -> list[str]:
    """Applies behave.ini wherever behave was called from, and keeps stdout valid if it is JSON.

    Returns remarks for the user. A setting of behave.ini replaces only behave's default.
    """
    if Path.cwd() != ROOT:
        _apply_own(config, formatters)
    _drop_summary(config)
    remarks = [NO_JOBS] if config.jobs > 1 else []
    if any(isinstance(each, JSONFormatter) and each.stdout_mode for each in formatters):
        remarks += [] if _leave_stdout_to_the_formatter() else [UNBUFFERED]
    elif isinstance(sys.stdout, io.TextIOWrapper):
        # Where the output is a file, too, our lines and those of behave stay in order.
        sys.stdout.reconfigure(line_buffering=True)
    return remarks


def add_junit(config: Any, folder: Path) -> None:
    """Lets behave write JUnit reports to `folder`, in addition to those that the user asks for."""
    config.reporters.append(JUnitReporter(config))
    for reporter in config.reporters:
        if isinstance(reporter, JUnitReporter):
            # The names of the files and classes begin after this path.
            reporter.config = copy.copy(config)
            reporter.config.paths = [os.path.relpath(path) for path in OWN["paths"]]
    config.reporters[-1].config.junit_directory = str(folder)


def asked_junit(config: Any) -> Path | None:
    """Returns the folder that --junit or --junit-directory asks for; None without either."""
    chosen = config.junit_directory != Configuration.defaults.get("junit_directory", "reports")
    return Path(config.junit_directory) if config.junit or chosen else None


def selection(config: Any) -> tuple[str, ...]:
    """Returns the options that select scenarios; empty if all are run."""
    every = [Path(path).resolve() for path in OWN["paths"]]
    paths = [path for path in config.paths if Path(path).resolve() not in every]
    patterns = {"--include": config.include_re, "--exclude": config.exclude_re}
    return (
        *(f"--tags {tags}" for tags in config.tags or ()),
        *(f"--name {name}" for name in config.name or ()),
        *(f"{option} {found.pattern}" for option, found in patterns.items() if found),
        *(os.path.relpath(path, ROOT) for path in paths),
    )


def _drop_summary(config: Any) -> None:
    """Drops behave's summary: the last screen has the same counts, and the reasons."""
    kept = [each for each in config.reporters if not isinstance(each, AbstractSummaryReporter)]
    config.reporters[:] = kept


def _apply_own(config: Any, formatters: MutableSequence[Any]) -> None:
    defaults = Configuration.defaults
    for key in OWN.keys() & defaults.keys() - set(NOT_APPLIED):
        if getattr(config, key) == defaults[key]:
            setattr(config, key, OWN[key])
    for key, value in OWN["userdata"].items():
        config.userdata.setdefault(key, value)
    if config.format == [defaults["default_format"]]:
        formatters[:] = [PlainFormatter(each.stream_opener, config) for each in formatters]


def _leave_stdout_to_the_formatter() -> bool:
    """Sends what is printed from now on to stderr; returns whether nothing else is on stdout."""
    if sys.stdout is sys.stderr:
        return True
    written = isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.write_through
    clean = _first_line_removed() if written else _first_line_moved()
    sys.stdout = sys.stderr
    return clean


def _first_line_moved() -> bool:
    """Flushes what is in the buffer of stdout, which is behave's first line, to stderr."""
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        sys.stdout.flush()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
    return True


def _first_line_removed() -> bool:
    """Removes behave's first line from stdout if it is a file that contains nothing else."""
    about = os.fstat(1)
    if not stat.S_ISREG(about.st_mode) or about.st_size != len(FIRST_LINE):
        return False
    os.ftruncate(1, 0)
    os.lseek(1, 0, os.SEEK_SET)
    return True
