"""The checks of the audit: what is red, what is in doubt, and what is named."""

from __future__ import annotations

from dataclasses import replace

from support.checks.audit import audit_coverage, audited_rows, lsn_text
from support.record.audit import (
    AuditedConnector,
    AuditedTable,
    AuditRecord,
    CutRecord,
    RowFinding,
)
from support.results.schema import Check, Verdict

CUT = CutRecord("5:5:", 0x1_0000_00FF, 0.4, 0x1_0000_0FFF, 2.0)
UNCONFIRMED = replace(CUT, confirmed_lsn=0x10)
EQUAL = AuditedTable("public.users", "p.public.users", 10, 12, ("id",), ("id", "name"))
FOUND = RowFinding("different", "id=1", "name is b in the topic, a in the table", 255, 0, 2, 7, 99)
WRONG = replace(EQUAL, different=1, findings=(FOUND,))


def audited(
    *tables: AuditedTable,
    cut: CutRecord = CUT,
    doubts: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
) -> Check:
    """Judges the audit of one connector."""
    connector = AuditedConnector("shop", "shop_slot", cut, tables, doubts)
    return audited_rows(AuditRecord((connector,), 2.0, 90 * 1024 * 1024, left_out))


def test_equal_tables() -> None:
    check = audited(EQUAL)
    assert (check.verdict, check.measured) == (Verdict.PASS, 0)
    assert "1 tables, 10 rows, 12 events up to LSN 1/FF (confirmed by the slot" in check.evidence[0]
    assert "the reading transaction was open for 0.4 s" in check.evidence[0]
    assert check.evidence[1] == "11 rows and events per second, 2.0 s, 90 MiB"


def test_a_row_that_differs() -> None:
    check = audited(EQUAL, WRONG)
    assert (check.verdict, check.measured) == (Verdict.FAIL, 1)
    assert check.evidence[1] == (
        "public.users id=1 is different: name is b in the topic, a in the table; last event at LSN "
        "0/FF; committed 1970-01-01 00:00:00 UTC; partition 2, offset 7; row written by "
        "transaction 99"
    )


def test_rows_are_equal_although_the_slot_confirmed_less() -> None:
    assert audited(EQUAL, cut=UNCONFIRMED).verdict is Verdict.PASS
    settled = audited(WRONG, cut=replace(UNCONFIRMED, settled=True))
    assert settled.verdict is Verdict.FAIL


def test_what_differs_may_still_be_on_its_way() -> None:
    check = audited(WRONG, cut=UNCONFIRMED)
    assert check.verdict is Verdict.INCONCLUSIVE
    assert "had confirmed 0/10 after 2 s, and not the cut at 1/FF" in check.evidence[0]
    assert "id=1 is different" in check.evidence[0]


def test_a_setting_that_is_not_understood() -> None:
    doubts = ("transforms.mask (com.acme.Mask)",)
    assert audited(EQUAL, doubts=doubts).verdict is Verdict.PASS
    check = audited(WRONG, doubts=doubts)
    assert check.verdict is Verdict.INCONCLUSIVE
    assert "transforms.mask (com.acme.Mask) is not understood" in check.evidence[0]


def test_a_table_that_could_not_be_compared() -> None:
    unread = AuditedTable("public.secrets", "", trouble="the role may not read it")
    check = audited(EQUAL, unread)
    assert check.verdict is Verdict.INCONCLUSIVE
    assert check.evidence == ("public.secrets was not compared: the role may not read it",)
    assert audited(WRONG, unread).verdict is Verdict.FAIL


def test_rows_whose_values_were_not_read_again() -> None:
    check = audited(replace(EQUAL, unverified=5))
    assert check.verdict is Verdict.INCONCLUSIVE
    assert check.evidence == (
        "public.users: 5 rows differ by digest; their values were not read again",
    )


def test_a_table_of_which_no_row_was_judged() -> None:
    older = replace(EQUAL, judged=0, since="its topic has no event: 10 rows are not judged")
    check = audited(EQUAL, older)
    assert check.verdict is Verdict.INCONCLUSIVE
    assert check.evidence == (
        "public.users: none of its 10 rows was judged: its topic has no event: 10 rows are not "
        "judged",
    )
    unclear = replace(EQUAL, judged=0, partly={"the transaction may have been open": 10})
    assert "none of its 10 rows was judged: the transaction" in audited(unclear).evidence[0]
    assert audited(replace(EQUAL, rows=0, judged=0)).verdict is Verdict.PASS
    assert audited(WRONG, older).verdict is Verdict.FAIL


def test_a_table_of_which_some_rows_were_judged() -> None:
    check = audited(replace(EQUAL, judged=4), replace(EQUAL, judged=10))
    assert check.verdict is Verdict.PASS
    assert "public.users: 4 of its 10 rows were judged, see audit coverage" in check.evidence
    assert not any("10 of its 10" in line for line in check.evidence)


def test_records_that_could_not_be_read() -> None:
    unread = replace(EQUAL, unreadable=2, first_unreadable="partition 0, offset 7: no op")
    check = audited(unread)
    assert check.verdict is Verdict.INCONCLUSIVE
    assert check.evidence == (
        "2 records of p.public.users are not envelopes in JSON and were not applied: rows may "
        "differ or be equal because of them; the first: partition 0, offset 7: no op",
    )
    assert audited(replace(unread, different=1)).verdict is Verdict.INCONCLUSIVE
    other = replace(unread, name="public.orders", topic="p.public.orders")
    assert audited(WRONG, other).verdict is Verdict.FAIL
    both = audited(unread, replace(unread, name="public.b"))
    assert len(both.evidence[0].split("2 records of")) == 2


def test_a_connector_that_was_left_out() -> None:
    left_out = ("connector other on another server db2:5432 is not judged",)
    check = audited(EQUAL, left_out=left_out)
    assert check.verdict is Verdict.INCONCLUSIVE
    assert check.evidence == (f"{left_out[0]}; -D team_connector=NAME audits one connector only",)
    wrong = audited(WRONG, left_out=left_out)
    assert wrong.verdict is Verdict.FAIL and left_out[0] in wrong.evidence


def test_without_a_table() -> None:
    assert audited().verdict is Verdict.INCONCLUSIVE
    assert audited_rows(AuditRecord((), 1.0, 0)).verdict is Verdict.INCONCLUSIVE


def test_what_was_not_compared_is_named() -> None:
    table = replace(
        EQUAL,
        skipped={"t": "values of type tsvector are not compared"},
        partly={"no event has the value of body": 3},
        since="its topic begins with a change of 2026-01-01",
        notes=("it has no key: its rows are compared as multisets",),
    )
    connector = AuditedConnector("shop", "s", CUT, (table,))
    check = audit_coverage(AuditRecord((connector,), 1.0, 0))
    assert (check.verdict, check.measured) == (Verdict.MEASURED, 1)
    assert check.evidence == (
        "public.users: column t is not compared: values of type tsvector are not compared",
        "public.users: no event has the value of body: 3 rows",
        "public.users: its topic begins with a change of 2026-01-01",
        "public.users: it has no key: its rows are compared as multisets",
    )


def test_an_lsn_as_postgresql_writes_it() -> None:
    assert lsn_text(0x16_B374_D848) == "16/B374D848"
