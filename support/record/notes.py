"""Records of a scenario for readers of its report: notes, log lines, errors of clients."""

from __future__ import annotations

from support.record.section import json_section

NOTES = json_section("notes", tuple[str, ...])
"""Remedies and known limits that a reader of the figures has to know."""
LOG_LINES = json_section("log_lines", dict[str, tuple[str, ...]])
"""Part of the stack -> relevant lines of its log."""
CLIENT_ERRORS = json_section("client_errors", dict[str, dict[str, int]])
"""Client -> error that it reported -> how often."""
SECOND_LOOK = json_section("second_look", tuple[str, ...])
"""Results of a second reading by offset where lost records should be."""
