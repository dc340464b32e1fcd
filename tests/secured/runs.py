"""Runs of the suite against the secured stack, as a user starts them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from support import clock
from support.settings import ROOT, Settings
from tests.contract.running import BEHAVE, ended
from tests.secured.stack import SecuredStack

CLEAN = (sys.executable, "-m", "support.stack", "clean-remote", "-D", "allow_destructive=yes")
"""Removes also what recent runs left."""
NOBODYS = {"HOME": "/nonexistent", "KAFKA_VALIDATION_CACHE": str(Settings.load({}).cache)}
"""No ~/.netrc and no ~/.pgpass of the user matters; the downloads are the user's."""


@dataclass(frozen=True)
class Ended:
    """A command that ended: exit code, output, and how long it took (s)."""

    code: int
    output: str
    took_s: float


def begin(
    stack: SecuredStack,
    *arguments: str,
    command: tuple[str, ...] = BEHAVE,
    environment: Mapping[str, str] | None = None,
    mutual: bool = False,
) -> subprocess.Popen[str]:
    """Starts a command that is attached to the stack, in a separate process group.

    `environment` changes variables of this process's; later `-D` pairs of `arguments` win.
    """
    variables = {**os.environ, **stack.environment, **NOBODYS, **(environment or {})}
    return subprocess.Popen(
        [*command, *stack.options(mutual=mutual), *arguments],
        cwd=ROOT,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def run(
    stack: SecuredStack,
    *arguments: str,
    command: tuple[str, ...] = BEHAVE,
    environment: Mapping[str, str] | None = None,
    mutual: bool = False,
    within: timedelta = timedelta(minutes=4),
) -> Ended:
    """Runs a command that is attached to the stack to its end."""
    began_ns = clock.now_ns()
    process = begin(stack, *arguments, command=command, environment=environment, mutual=mutual)
    code, output = ended(process, within)
    return Ended(code, output, (clock.now_ns() - began_ns) / clock.NS_PER_S)
