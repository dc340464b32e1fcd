"""Lines that were logged after a given time, even if the log is rolled or copied."""

from __future__ import annotations

from pathlib import Path

from support.clients.logfile import LogMark, logged_after, mark_log

OLD = "".join(f"[2026-11-24 12:00:00,{n:03}] INFO before {n} (a)\n" for n in range(200))


def test_what_was_written_after_the_mark(tmp_path: Path) -> None:
    log = tmp_path / "broker.log"
    assert mark_log(log) == LogMark()
    log.write_text(OLD)
    mark = mark_log(log)
    assert logged_after(log, mark) == ""
    log.write_text(OLD + "after\n")
    assert logged_after(log, mark) == "after\n"
    assert logged_after(log, LogMark()) == OLD + "after\n"


def test_a_log_that_was_rolled_is_read_with_what_was_put_away(tmp_path: Path) -> None:
    log = tmp_path / "broker.log"
    log.write_text(OLD)
    mark = mark_log(log)
    (tmp_path / "broker.log.1").write_text(OLD + "after\n")
    log.write_text("rolled\n")
    assert logged_after(log, mark) == "after\nrolled\n"


def test_a_copy_that_lost_its_beginning_is_known_again(tmp_path: Path) -> None:
    log = tmp_path / "broker.log"
    log.write_text(OLD)
    mark = mark_log(log)
    log.write_text(OLD[len(OLD) // 2 :] + "after\n" * 1000)
    assert logged_after(log, mark) == "after\n" * 1000


def test_what_was_logged_between_can_be_lost_and_that_is_said(tmp_path: Path) -> None:
    log = tmp_path / "broker.log"
    log.write_text(OLD)
    mark = mark_log(log)
    log.write_text("a new log, of whatever length\n" * 1000)
    assert logged_after(log, mark) is None
    log.unlink()
    assert logged_after(log, mark) is None
