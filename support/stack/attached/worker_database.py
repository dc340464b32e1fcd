"""Explains why the Debezium connector, on its worker, can't use the database."""

from __future__ import annotations

import re
from dataclasses import dataclass

from support.errors import StackError
from support.stack.addresses import DatabaseAddress

ELSEWHERE = "-D connect_database=HOST:PORT, as Kafka Connect reaches the database"


@dataclass(frozen=True)
class Reason:
    """Words of Debezium, of its driver or of the server, the likely cause, and the next step."""

    words: str
    cause: str
    then: str


REASONS = (
    Reason(
        r"ssl root certificate|ssl certificate|ssl key|key file|\.(crt|pk8|pem)\b",
        "the worker does not have a file of a certificate at this path, or the key is in another "
        "format than PKCS#8 DER or PKCS#12",
        "-D connector.database.sslrootcert=PATH, and sslcert and sslkey in the same way: paths on "
        "the worker",
    ),
    Reason(
        r"invalid format",
        "Debezium accepts host names and IPv4 addresses only",
        f"a host name: {ELSEWHERE}",
    ),
    Reason(
        r"login and replication",
        "Debezium looks at the role's own attributes and direct memberships only",
        "GRANT rds_replication directly to the role, or ALTER ROLE ... REPLICATION",
    ),
    Reason(
        r"pg_hba",
        "the server's pg_hba.conf does not admit the host of the worker",
        "add a line for that host to pg_hba.conf, and reload it",
    ),
    Reason(
        r"password",
        "the connector has no password, or a wrong one: your own connection may need none",
        "set PGPASSWORD, or a line in ~/.pgpass",
    ),
    Reason(
        r"refused\. check|attempt failed",
        "the worker is on another network, or the port is closed to it",
        ELSEWHERE,
    ),
    Reason(
        r"pkix|certificat|hostname|ssl",
        "the worker does not trust the server's certificate, or it is for other names than the "
        "host that the worker connects to",
        f"-D connector.database.sslrootcert=PATH on the worker; for another name {ELSEWHERE}, or "
        "-D connector.database.sslmode=verify-ca",
    ),
    Reason(
        "", "", f"look at the log of Kafka Connect's worker; if the address is wrong: {ELSEWHERE}"
    ),
)


def worker_refusal(words: str, database: DatabaseAddress) -> StackError:
    """The error for the reason that Debezium gives when it validates the connector's settings."""
    reason = next(each for each in REASONS if re.search(each.words, words.lower()))
    host, port = database.inside or (database.host, database.port)
    return StackError(
        f"Kafka Connect can't use the database at {host}:{port}.",
        seen=" ".join(words.split())[:600],
        cause=reason.cause,
        then=reason.then,
    )
