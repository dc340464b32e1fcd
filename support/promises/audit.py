"""Checks of the audit: captured tables compared with what their topics hold."""

from __future__ import annotations

from support.checks.audit import audit_coverage, audited_rows
from support.promises.cdc import TOPIC, none
from support.promises.definition import CheckDefinition
from support.promises.words import Words
from support.record.audit import AUDIT

AUDITED_ROWS = CheckDefinition(
    Words(
        "audited rows",
        TOPIC,
        "The events of every captured table, applied in order up to one point in the write-ahead "
        "log, give the rows of the table at that point.",
        "digests of every row and of every event, and the values of those that differ",
        fails="a row is missing in the topic, is only there, or differs",
        inconclusive="a table could not be compared or none of its rows could be judged, a record "
        "of its topic can't be read, a connector that may be the team's was left out, or rows "
        "differ while the connector had not confirmed that point or has settings that are not "
        "understood",
    ),
    lambda record: audited_rows(record[AUDIT]),
    (AUDIT,),
    limit=none("rows"),
)
AUDIT_COVERAGE = CheckDefinition(
    Words(
        "audit coverage",
        TOPIC,
        "What the audit did not compare: columns, values in some rows, and rows that are older "
        "than their topic.",
        "the columns of every captured table, and the connector's settings",
        fails="",
        inconclusive="no connector captures a table",
        measures="always: the columns that were not compared are counted and named",
    ),
    lambda record: audit_coverage(record[AUDIT]),
    (AUDIT,),
)

ALL = (AUDITED_ROWS, AUDIT_COVERAGE)
