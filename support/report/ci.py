"""Commands for GitHub's and GitLab's logs: sections that fold, and annotations of failures."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from support.results.schema import GREEN, ScenarioResult, Verdict

CLEARED = "\x1b[0K"
"""Terminal code around GitLab's markers, so that its log does not show them."""


class CiLog(Protocol):
    """The log of a job of continuous integration."""

    def opening(self, title: str, at: datetime) -> str:
        """Returns the line that opens a section, with a line feed; empty where there are none."""

    def closing(self, title: str, at: datetime) -> str:
        """Returns the line that closes the section."""

    def annotations(self, scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
        """Returns a line for each scenario that failed or could not be measured."""


def ci_log(environment: Mapping[str, str], root: Path) -> CiLog:
    """Returns the log that the environment variables of the service indicate.

    `root`: the folder that the locations of scenarios are relative to.
    """
    if environment.get("GITHUB_ACTIONS") == "true":
        workspace = environment.get("GITHUB_WORKSPACE", "")
        return GitHubLog(os.path.relpath(root, workspace) if workspace else ".")
    if environment.get("GITLAB_CI") == "true":
        return GitLabLog()
    return PlainLog()


class PlainLog:
    """No service of continuous integration: nothing is marked."""

    def opening(self, title: str, at: datetime) -> str:
        return ""

    def closing(self, title: str, at: datetime) -> str:
        return ""

    def annotations(self, scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
        yield from ()


class GitLabLog:
    """Sections only: GitLab takes failures from the JUnit reports.

    Source: https://docs.gitlab.com/ci/jobs/job_logs/ (custom collapsible sections).
    """

    def opening(self, title: str, at: datetime) -> str:
        marker = f"section_start:{at.timestamp():.0f}:{_name(title)}"
        return f"{CLEARED}{marker}\r{CLEARED}{title}\n"

    def closing(self, title: str, at: datetime) -> str:
        return f"{CLEARED}section_end:{at.timestamp():.0f}:{_name(title)}\r{CLEARED}\n"

    def annotations(self, scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
        yield from ()


class GitHubLog:
    """Workflow commands; `prefix` leads from the workspace to the root of this suite.

    Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def opening(self, title: str, at: datetime) -> str:
        return f"::group::{_escaped(title)}\n"

    def closing(self, title: str, at: datetime) -> str:
        return "::endgroup::\n"

    def annotations(self, scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
        for s in scenarios:
            if s.verdict not in GREEN and s.verdict is not Verdict.SKIPPED:
                file, _, line = s.location.rpartition(":")
                where = {
                    "file": os.path.normpath(Path(self._prefix) / file),
                    "line": line,
                    "title": f"{s.verdict.value}: {s.name}",
                }
                listed = ",".join(f"{key}={_property(value)}" for key, value in where.items())
                yield f"::error {listed}::{_escaped(s.reason or s.verdict.value)}\n"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _name(title: str) -> str:
    """Returns a name of the characters that GitLab allows in the name of a section."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
