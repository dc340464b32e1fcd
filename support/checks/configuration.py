"""at-least-once configuration: the client settings without which nothing is promised.

FAIL names each setting that gives the guarantee away. It judges the configuration in force,
so that a red delivery result comes with its cause.
"""

from __future__ import annotations

from collections.abc import Mapping

from support.checks.judged import passed_if
from support.results.schema import Check

NAME = "at-least-once configuration"


def at_least_once_configuration(producer: Mapping[str, str], consumer: Mapping[str, str]) -> Check:
    wrong = []
    if producer.get("acks", "all") not in ("all", "-1"):
        wrong.append(f"producer acks={producer['acks']}: acknowledged before it is stored")
    if consumer.get("enable.auto.commit", "true") != "false":
        wrong.append("consumer enable.auto.commit=true: committed before it is processed")
    if consumer.get("auto.offset.reset", "latest") not in ("earliest", "smallest", "beginning"):
        wrong.append("consumer auto.offset.reset is not earliest: a new group skips what is there")
    return passed_if(
        not wrong,
        NAME,
        f"{len(wrong)} wrong",
        "settings",
        "acks=all, commit after processing, read from the beginning",
        wrong or (f"acks={producer.get('acks', 'all')}",),
    )
