"""Warnings about keys of baseline/ in the logs of the parts."""

from __future__ import annotations

from support.experiment.parts_seen import named_in, unknown_in

KEYS = {"log.retention.hours": "168", "retention": "1"}
LOG = """\
[2026-11-28 12:00:00,123] WARN log.retention.hours is deprecated and will be removed. (Config)
[2026-11-28 12:00:00,124] INFO log.retention.hours is deprecated. (Config)
[2026-11-28 12:00:00,125] WARN x.log.retention.hours is deprecated. (Config)
[2026-11-28 12:00:00,126] WARN log.retention.hours is 168. (Config)
[2026-11-28 12:00:00,127] ERROR Unknown configuration 'retention'. (Config)
"""


def test_only_warnings_that_name_a_key_count() -> None:
    assert list(named_in(LOG, KEYS)) == [
        "WARN log.retention.hours is deprecated and will be removed. (Config)",
        "ERROR Unknown configuration 'retention'. (Config)",
    ]
    assert list(named_in(LOG, {})) == []


def test_settings_that_a_worker_does_not_list_are_unknown() -> None:
    log = "INFO DistributedConfig values: \n\tgroup.id = connect\n\tlisteners = []\n\nmore"
    settings = {"group.id": "connect", "internal.key.converter": "x"}
    assert list(unknown_in(log, settings)) == ["worker: internal.key.converter is not known"]
    assert list(unknown_in("not started", settings)) == []
