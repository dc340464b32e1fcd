"""Why a database can't be used, and the next step, for what Debezium and PostgreSQL report."""

from __future__ import annotations

import pytest

from support.clients.database import Database
from support.errors import StackError
from support.stack.addresses import DatabaseAddress
from support.stack.attached.database_refusals import refusal
from support.stack.attached.replication_rights import check_logical
from support.stack.attached.worker_database import worker_refusal

ADDRESS = DatabaseAddress({"host": "db.example", "user": "cdc", "dbname": "app"})
VALIDATING = "Error while validating connector config: "

OF_THE_WORKER = {
    f"{VALIDATING}Could not open SSL root certificate file /no/ca.pem.": "database.sslrootcert",
    f"{VALIDATING}Could not read SSL key file /secrets/robot.key.": "PKCS#8",
    f"{VALIDATING}SSL error: PKIX path building failed: unable to find": "database.sslrootcert",
    f"{VALIDATING}The hostname db.example could not be verified": "sslmode=verify-ca",
    f"{VALIDATING}Connection to db.example:9 refused. Check that the hostname": "connect_database",
    f"{VALIDATING}The connection attempt failed.": "connect_database",
    "The 'database.hostname' value is invalid: ::1 has invalid format (only": "a host name",
    "Postgres roles LOGIN and REPLICATION are not assigned to user: cdc": "GRANT rds_replication",
    f'{VALIDATING}FATAL: no pg_hba.conf entry for host "10.0.0.5"': "the host of the worker",
    f"{VALIDATING}The server requested SCRAM authentication, but no password": "PGPASSWORD",
    "something new": "the log of Kafka Connect's worker",
}


@pytest.mark.parametrize("words", OF_THE_WORKER)
def test_what_the_worker_says_has_a_remedy(words: str) -> None:
    error = str(worker_refusal(words, ADDRESS))
    assert words in error
    assert OF_THE_WORKER[words] in error.partition("likely cause")[2] or (
        OF_THE_WORKER[words] in error.partition("next: ")[2]
    )


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("connection timeout expired", "open the port"),
        ("FATAL:  too many connections for role", "CONNECTION LIMIT"),
        ("received invalid response to SSL negotiation: H", "PostgreSQL itself"),
        ("FATAL:  unsupported startup parameter: replication", "PostgreSQL itself"),
        ("channel binding required but not supported by server's", "SCRAM"),
        ("could not load private key file", "chmod 600"),
        ("something new", "psql"),
    ],
)
def test_what_libpq_says_has_a_remedy(words: str, then: str) -> None:
    error = str(refusal(OSError(words), ADDRESS))
    assert "PostgreSQL can't be used at db.example:5432/app as cdc" in error
    assert then in error.partition("next: ")[2]


@pytest.mark.parametrize(
    ("roles", "then"),
    [
        ([], "postgresql.conf"),
        (["rds_replication"], "rds.logical_replication"),
        (["cloudsqlsuperuser"], "cloudsql.logical_decoding"),
        (["azure_pg_admin"], "server parameter"),
    ],
)
def test_logical_replication_is_switched_on_as_the_service_has_it(
    monkeypatch: pytest.MonkeyPatch, roles: list[str], then: str
) -> None:
    monkeypatch.setattr(Database, "query", lambda *_: [("replica", roles)])
    with pytest.raises(StackError, match="no logical replication") as error:
        check_logical(Database(""))
    assert then in str(error.value)
    monkeypatch.setattr(Database, "query", lambda *_: [("logical", roles)])
    check_logical(Database(""))
