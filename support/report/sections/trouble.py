"""Errors of clients and servers meanwhile, and why the scenario is not a plain PASS."""

from __future__ import annotations

from support.report.sections.section import Section
from support.results.schema import ScenarioResult


def text(scenario: ScenarioResult) -> list[str]:
    """Returns errors by client, log lines by part of the stack, and the reason of the verdict."""
    lines: list[str] = []
    for client, errors in scenario.client_errors.items():
        seen = ", ".join(f"{count:,} × `{name}`" for name, count in sorted(errors.items()))
        lines += [f"Errors that {client} reported: {seen}.", ""]
    for part, logged in scenario.log_lines.items():
        lines += [f"Logged by {part} meanwhile:", "", *_verbatim("\n".join(logged))]
    return [*lines, *(_verbatim(scenario.reason) if scenario.reason else ())]


def _verbatim(block: str) -> list[str]:
    return ["```", block, "```", ""]


SECTION = Section(text)
