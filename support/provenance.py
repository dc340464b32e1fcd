"""Where a result comes from: source, machine, settings."""

from __future__ import annotations

import dataclasses
import platform
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psutil

from support.results.schema import Git, Host
from support.settings import Settings, environment_for_children

PASSWORD = re.compile(r"(://[^/:@]*:).*@")
"""In a URL."""


SECRET = re.compile(r"password|secret|jaas", re.IGNORECASE)


def without_secrets(pairs: Mapping[str, str]) -> dict[str, str]:
    """Values of keys that name a secret are not told."""
    return {key: "***" if SECRET.search(key) else value for key, value in pairs.items()}


def describe_git(folder: Path) -> Git:
    """The commit of a checkout; None for a copy without one."""

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

    Folders are left out: they say something about the machine and nothing about the result.
    So are passwords.
    """
    told = {
        field.name: PASSWORD.sub(r"\1***@", str(getattr(settings, field.name)))
        for field in dataclasses.fields(settings)
        if field.name not in ("overrides", "cache", "reports")
        and getattr(settings, field.name) != field.default
    }
    for part, pairs in settings.overrides.items():
        pairs = without_secrets(pairs)
        told |= {f"{part}.{key}": value for key, value in pairs.items()}
    return told
