"""statements accepted: PostgreSQL carried out every statement of the row writer.

A refusal is an answer of PostgreSQL; a lost connection does not count as one. An example: without a
replica identity, PostgreSQL refuses every UPDATE and DELETE of a published table, so no application
could work. FAIL names table and statement of each kind of refusal, with the SQLSTATE and
PostgreSQL's message. The writer ends soon after the first refusal. INCONCLUSIVE when it sent no
statement.
"""

from __future__ import annotations

from support.checks.judged import none_of, not_measured
from support.record.changes import Refusal, WrittenChanges
from support.results.schema import Check

NAME, UNIT = "statements accepted", "statements"
LONGEST = 300
"""Characters of a statement that are shown."""


def statements_accepted(written: WrittenChanges) -> Check:
    """Judges whether PostgreSQL refused a statement."""
    objective = "0 statements that PostgreSQL refuses"
    if not written.refusals and not written.transactions:
        return not_measured(NAME, UNIT, objective, "the writer did nothing")
    refused = [_described(refusal) for refusal in written.refusals]
    right = [f"{len(written.transactions)} transactions"]
    return none_of(NAME, UNIT, objective, refused, right)


def _described(refusal: Refusal) -> str:
    code = f" (SQLSTATE {refusal.sqlstate})" if refusal.sqlstate else ""
    where = f"table {refusal.table}: " if refusal.table else ""
    statement = refusal.statement[:LONGEST]
    return f"{where}PostgreSQL refuses {statement}: {refusal.words}{code}"
