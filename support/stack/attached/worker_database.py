"""Explains why the Debezium connector, on its worker, can't use the database."""

from __future__ import annotations

from support.errors import StackError
from support.stack.addresses import DatabaseAddress

FILES = ("ssl root certificate", "ssl certificate", "ssl key", "key file", ".crt", ".pk8", ".pem")
ELSEWHERE = "-D connect_database=HOST:PORT, as Kafka Connect reaches the database"


def worker_refusal(words: str, database: DatabaseAddress) -> StackError:
    """The error for the reason that Debezium gives when it validates the connector's settings."""
    settings = database.connector_settings
    cause, then = _reason(words.lower(), settings.get("database.hostname", ""))
    return StackError(
        "Kafka Connect can't use the database as this host does.",
        seen=" ".join(words.split())[:600],
        cause=cause,
        then=then,
    )


def _reason(words: str, host: str) -> tuple[str, str]:
    """The likely cause, and the next step."""
    if any(each in words for each in FILES):
        return (
            "a file of a certificate that the worker does not have at this path, or a key in "
            "another format than PKCS#8 DER or PKCS#12",
            "-D connector.database.sslrootcert=PATH, and sslcert and sslkey in the same way: "
            "paths on the worker",
        )
    if "invalid format" in words:
        return (
            f"Debezium accepts no such host: {host}" + (" (IPv6)" if ":" in host else ""),
            f"a host name: {ELSEWHERE}",
        )
    if "login and replication" in words:
        return (
            "Debezium looks at the role's own attributes and direct memberships only",
            "GRANT rds_replication directly to the role, or ALTER ROLE ... REPLICATION",
        )
    if "refused. check" in words or "attempt failed" in words:
        return "the worker is on another network, or the port is closed to it", ELSEWHERE
    if "pkix" in words or "certificat" in words or "hostname" in words or "ssl" in words:
        return (
            "the worker does not trust the server's certificate, or it is for other names than "
            f"{host}",
            "-D connector.database.sslrootcert=PATH on the worker; for another name "
            f"{ELSEWHERE}, or -D connector.database.sslmode=verify-ca",
        )
    return "", f"look at the log of Kafka Connect's worker; another address: {ELSEWHERE}"
