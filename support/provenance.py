"""Where a result comes from: the commit, the machine and the settings."""

from __future__ import annotations

import dataclasses
import platform
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psutil

from support.record.secrets import bare_url, without_secrets
from support.results.schema import Git, Host
from support.settings import Settings, environment_for_children
from support.settings.conninfo import hidden
from support.settings.urls import METRICS

STARTED_BY = "VALIDATION_STARTED_BY"
"""The environment variable in which make passes its target to the run."""


def describe_command(environment: Mapping[str, str]) -> str:
    """The command of make that started this process, such as `make validate`; empty if none did."""
    command = environment.get(STARTED_BY, "")
    return command if re.fullmatch("make [a-z-]+", command) else ""


def describe_git(folder: Path) -> Git:
    """The commit of a checkout, and whether it has changes. The commit is None for a copy without
    git."""

    def git(*arguments: str) -> str | None:
        try:
            done = subprocess.run(
                ["git", *arguments],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=10,
                env=environment_for_children({}),
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    return Git(git("rev-parse", "HEAD"), bool(git("status", "--porcelain")))


def describe_host() -> Host:
    return Host(
        platform.platform(terse=True),
        psutil.cpu_count() or 0,
        psutil.virtual_memory().total,
        platform.python_version(),
    )


def describe_settings(settings: Settings) -> dict[str, str]:
    """Every setting that is not at its default, and every override, by its `-D` name.

    Folders are left out, because they do not influence the result; secrets are replaced by `***`.
    """
    changed = {
        field.name: _shown(field.name, str(getattr(settings, field.name)))
        for field in dataclasses.fields(settings)
        if field.name not in ("overrides", "cache", "reports", "stack")
        and getattr(settings, field.name) != field.default
    }
    changed = without_secrets(changed)
    for part, pairs in settings.overrides.items():
        pairs = without_secrets(pairs)
        changed |= {f"{part}.{key}": value for key, value in pairs.items()}
    return changed


def _shown(name: str, value: str) -> str:
    shown = {"database": hidden, METRICS: bare_url}.get(name, str)
    return shown(value)
