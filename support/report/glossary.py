"""The fixed terms of all reports, each defined once: glossary.md, and the legends of tables."""

from __future__ import annotations

from collections.abc import Mapping

from support.report.words import table

VERDICTS: Mapping[str, str] = {
    "PASS": "Every limit was kept.",
    "DEVIATION": "A limit of the specification was missed for a documented cause, which the run "
    "proved. The scenario counts as passed.",
    "MEASURED": "A figure without a limit.",
    "FAIL": "A requirement is not met.",
    "INCONCLUSIVE": "It could not be measured, so nothing is proven.",
    "SKIPPED": "The scenario was left out, and the reason is stated.",
}
JUDGING: Mapping[str, str] = {
    "requirement": "What the specification asks for: SC-001, US2.1, EC-1 and so on.",
    "check": "One judged statement about what a scenario recorded.",
    "required check": "A check that decides the verdict of its scenario. The other checks only "
    "inform.",
    "limit": "The number that a figure is compared with.",
    "headroom": "How much of an upper limit is used: 100 % is the limit itself.",
    "accepted baseline": "The figures of the run that `make accept-baseline` stored.",
    "noise": "The difference that two runs of the same kind show on such a machine.",
}
LOADS: Mapping[str, str] = {
    "record": "One message in Kafka.",
    "due": "The time at which the plan of the load sends a record.",
    "latency": "From when a record was due until the broker acknowledged it, so a pause counts for "
    "every record that had to wait.",
    "schedule delay": "From when a record was due until our load generator sent it.",
    "end to end": "From when a record was due until a consumer received it.",
    "backpressure": "What slows a producer down: a full queue, or throttling by the broker.",
    "p95, p99, p99.9": "95, 99 or 99.9 percent of the records were at least as fast. A dash stands "
    "for too few records.",
}
DELIVERY: Mapping[str, str] = {
    "unknown": "Sent, but the acknowledgement timed out or was cut off: the record may be in the "
    "log.",
    "lost": "Acknowledged by Kafka, but not in the topic, which was read to its end after "
    "everything had settled.",
    "received": "Read by the consumer; without a consumer, by the final reader.",
    "stored twice": "Surplus copies of a record in the log (duplicates), and their share of it. "
    "Legal under at-least-once delivery.",
    "delivered twice": "Received more than once by the same consumer group. Legal under "
    "at-least-once delivery.",
    "out of order": "Stored behind a record of the same partition that was sent later.",
    "damaged": "Stored with another content than it was sent with.",
    "phantom": "In the topic, but never sent, or rejected.",
    "loss and faults": "Losses are counted by fault: what one fault does to many records is one "
    "observation, so it says nothing about the loss of a single record.",
}
RECOVERY: Mapping[str, str] = {
    "fault": "What was broken on purpose. Its effect is proven before the scenario continues.",
    "heal": "The repair: the process is started again, the network is reconnected.",
    "served again": "From the start of the heal until the suite's own client is served, or until a "
    "load that had stopped moves again.",
    "recovery": "From the start of the heal to the first new acknowledgement (of database changes: "
    "to the arrival of the first change committed after the fault). A dash where clients were "
    "served all the time.",
    "consumer recovery": "From the start of the heal until a consumer processed the first new "
    "record.",
    "consumer restart": "From the start of a restarted consumer until it processed its first "
    "record.",
    "longest stall": "The longest time in which a record waited and none was acknowledged (of "
    "database changes: in which a committed change waited and none arrived).",
}
CHANGES: Mapping[str, str] = {
    "change": "One row that a committed transaction inserted, updated or deleted.",
    "event": "A record of Debezium about a change.",
    "missing": "Committed in PostgreSQL, but without an event in the topic, which was read to its "
    "end.",
    "sent again": "Surplus events of a change. Legal under at-least-once delivery.",
    "commit to arrival": "From the commit in PostgreSQL until a reader received the event, outages "
    "included.",
    "to Connect's producer": "From the commit until Kafka Connect's producer queued the event. An "
    "outage of the broker does not show in it.",
    "WAL behind": "Write-ahead log that the replication slot had not confirmed at the end of the "
    "outage.",
    "last change arrived": "From the last commit (after a fault: from the end of the heal, if that "
    "was later) until its event arrived.",
    "confirmed": "From the same moment until the replication slot confirmed it, which happens in "
    "the rhythm of the connector's heartbeat on a quiet database.",
    "lag": "How many records a consumer group has not processed yet, from its committed offsets.",
}
TOPICS: Mapping[str, Mapping[str, str]] = {
    "Verdicts": VERDICTS,
    "How a run is judged": JUDGING,
    "Loads": LOADS,
    "Delivery": DELIVERY,
    "Faults and recovery": RECOVERY,
    "Database changes and lag": CHANGES,
}
TERMS: Mapping[str, str] = {
    term: meaning for topic in TOPICS.values() for term, meaning in topic.items()
}


def glossary_report() -> str:
    """Returns glossary.md: a table for each topic."""
    lines = ["# Terms of the reports", ""]
    for topic, terms in TOPICS.items():
        lines += [f"## {topic}", "", table(("term", "meaning"), terms.items()), ""]
    return "\n".join(lines)
