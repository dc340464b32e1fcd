"""A PostgreSQL that others run is reached as libpq reaches it, or refused with the reason."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from support import clock
from support.clients.database import Database
from support.errors import Explained, StackError
from support.settings import Settings
from support.stack.addresses import DatabaseAddress
from support.stack.attached.address import database_address, reach_database
from support.stack.attached.inspection import inspect_database
from support.waiting import wait_until
from tests.contract.running import BEHAVE, MODULE, ended, nothing_left, start
from tests.contract.tls_postgres import PASSWORD, TlsPostgres, has_ipv6, tls_postgres
from tests.secured.artefacts import MACHINES

QUICK_S = 8
pytestmark = pytest.mark.skipif(
    platform.machine() not in MACHINES, reason="there is no PostgreSQL with TLS for this machine"
)


@pytest.fixture(scope="module")
def server() -> Iterator[TlsPostgres]:
    with tls_postgres() as running:
        yield running


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As on a machine without PG* variables and without ~/.pgpass."""
    for name in ("PGPASSWORD", "PGSSLMODE", "PGSERVICE", "PGSERVICEFILE", "PGHOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "no-file"))


def reached(text: str, **settings: str) -> DatabaseAddress:
    return reach_database(database_address(Settings.load({"database": text, **settings})))


def encrypted(address: DatabaseAddress) -> bool:
    """Whether a connection of the suite to this address uses TLS."""
    ((used,),) = Database(address.conninfo).query(
        "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    )
    return bool(used)


def with_password(uri: str, password: str = PASSWORD) -> str:
    return uri.replace("@", f":{password}@", 1)


# -- reached -----------------------------------------------------------------------------------


def test_the_password_is_that_of_the_environment(
    server: TlsPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGSSLROOTCERT", str(server.ca))
    found = reached(server.uri())
    assert encrypted(found)
    assert found.connector_settings["database.password"] == PASSWORD
    assert found.connector_settings["database.sslmode"] == "verify-full"
    assert found.connector_settings["database.sslrootcert"] == str(server.ca)
    assert PASSWORD not in repr(found)


def test_the_password_of_a_password_file_reaches_the_connector(
    server: TlsPostgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    passwords = tmp_path / "pgpass"
    passwords.write_text(f"127.0.0.1:{server.port}:app:cdc:{PASSWORD}\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    found = reached(server.uri(query="sslmode=require"), connect_database="store:5432")
    settings = found.connector_settings
    assert settings["database.password"] == PASSWORD
    assert (settings["database.hostname"], settings["database.port"]) == ("store", "5432")


def test_a_service_is_looked_up(
    server: TlsPostgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    services = tmp_path / "services"
    services.write_text(
        f"[orders]\nhost=127.0.0.1\nport={server.port}\nuser=cdc\ndbname=app\n"
        f"password={PASSWORD}\nsslmode=require\n"
    )
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    monkeypatch.setenv("PGHOST", "192.0.2.1")
    found = reached("service=orders")
    assert found.place == f"127.0.0.1:{server.port}/app"
    assert found.connector_settings["database.password"] == PASSWORD


def test_the_first_of_several_hosts_that_serves_is_the_connector_s(server: TlsPostgres) -> None:
    hosts = f"127.0.0.1:9,127.0.0.1:{server.port}"
    uri = f"postgresql://cdc:{PASSWORD}@{hosts}/app?sslmode=require&target_session_attrs=primary"
    found = reached(uri)
    assert found.connector_settings["database.port"] == str(server.port)
    assert encrypted(found)


@pytest.mark.skipif(not has_ipv6(), reason="this host has no ::1")
def test_an_ipv6_host_is_reached(server: TlsPostgres) -> None:
    uri = server.uri(query=f"sslmode=verify-ca&sslrootcert={server.ca}", host="[::1]")
    found = reached(with_password(uri))
    assert found.place == f"[::1]:{server.port}/app"
    assert encrypted(found)


def test_a_client_certificate_is_enough(server: TlsPostgres) -> None:
    certificate, key = server.client_certificate("robot")
    found = reached(server.uri("robot", f"sslcert={certificate}&sslkey={key}"))
    assert encrypted(found)
    assert found.connector_settings["database.sslkey"] == str(key)
    assert found.connector_settings["database.password"] == ""


def test_options_reach_the_sessions(server: TlsPostgres) -> None:
    options = "options=-c%20application_name%3Dacceptance&channel_binding=require"
    found = reached(with_password(server.uri(query=options)))
    assert Database(found.conninfo).query("SHOW application_name") == [("acceptance",)]


# -- refused -----------------------------------------------------------------------------------

REFUSED = {
    "no TLS asked for": ("sslmode=disable", "no encryption", "sslmode=require"),
    "no CA": ("sslmode=verify-full&sslrootcert=/no/ca.pem", "/no/ca.pem", "sslrootcert=system"),
    "other CA": (
        "sslmode=require&sslrootcert={server.other_ca}",
        "certificate: self-signed certificate in certificate chain",
        "sslrootcert=FILE",
    ),
    "an sslmode that does not exist": ("sslmode=nonsense", "nonsense", "psql"),
    "a standby": ("target_session_attrs=standby", "hot standby", "primary"),
    "another authentication": ("require_auth=md5", "md5", "SCRAM"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_with_the_reason(server: TlsPostgres, case: str) -> None:
    query, seen, then = REFUSED[case]
    refused(with_password(server.uri(query=query.format(server=server))), seen, then)


def test_a_wrong_password_is_refused(server: TlsPostgres) -> None:
    refused(with_password(server.uri(), f"x{PASSWORD}"), "password authentication", "percent-enc")
    refused(server.uri(query="sslmode=require"), "no password supplied", "~/.pgpass")
    refused(with_password(server.uri("nobody")), "password authentication failed", "PGPASSWORD")


def test_a_wrong_database_host_or_port_is_refused(server: TlsPostgres) -> None:
    uri = with_password(server.uri())
    refused(uri.replace("/app", "/nope"), 'database "nope" does not exist', "psql -l")
    refused(uri.replace("127.0.0.1", "no-such-host.invalid"), "no-such-host", "getent hosts")
    refused(uri.replace(str(server.port), "9"), "Connection refused", "pg_isready")


def test_a_role_that_pg_hba_does_not_admit_is_refused(server: TlsPostgres) -> None:
    refused(with_password(server.uri("stranger")), "pg_hba.conf rejects", "add a line")


def test_a_name_that_the_certificate_does_not_have_is_refused(server: TlsPostgres) -> None:
    query = f"sslmode=verify-full&sslrootcert={server.ca}&hostaddr=127.0.0.1"
    uri = with_password(server.uri(query=query, host="db.example"))
    refused(uri, "does not match host name", "verify-ca")
    assert encrypted(reached(uri.replace("verify-full", "verify-ca")))


def test_a_client_certificate_that_is_missing_or_expired_is_refused(server: TlsPostgres) -> None:
    refused(server.uri("robot"), "requires a valid client certificate", "sslcert=FILE")
    certificate, key = server.client_certificate("robot", expired=True)
    query = f"sslmode=require&sslcert={certificate}&sslkey={key}"
    refused(server.uri("robot", query), "certificate expired", "sslcert=FILE")


def test_an_expired_certificate_is_refused_only_if_it_is_to_be_verified(
    server: TlsPostgres,
) -> None:
    server.use_certificate(expired=True)
    try:
        query = f"sslmode=verify-full&sslrootcert={server.ca}"
        refused(with_password(server.uri(query=query)), "certificate has expired", "renew")
        assert encrypted(reached(with_password(server.uri(query="sslmode=require"))))
    finally:
        server.use_certificate()


def test_a_service_that_is_missing_is_refused(
    server: TlsPostgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refused("service=nope", 'definition of service "nope" not found', "PGSERVICEFILE")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "no-services"))
    refused("service=nope", "no-services", "~/.pg_service.conf")


ATTACHED = ("target=attach", "bootstrap=127.0.0.1:9", "connect=http://127.0.0.1:9")


@pytest.mark.parametrize("command", [BEHAVE, (*MODULE, "clean-remote")], ids=["run", "clean"])
@pytest.mark.parametrize("before", ["a[", "a#", "a/", ""])
def test_no_command_shows_a_part_of_a_password(
    server: TlsPostgres, command: tuple[str, ...], before: str
) -> None:
    uri = with_password(server.uri(), f"{before}{PASSWORD}x")
    given = [part for each in (*ATTACHED, f"database={uri}") for part in ("-D", each)]
    code, output = ended(start(*given, command=command), timedelta(seconds=QUICK_S))
    assert code == 2, output
    assert "percent-encode these characters" in output
    assert PASSWORD not in output
    assert "Traceback" not in output
    nothing_left()


def refused(text: str, seen: str, then: str) -> None:
    """Asserts that the database is refused at once, with the cause and the next step."""
    began = clock.now_ns()
    with pytest.raises(StackError) as error:
        reached(text)
    assert (clock.now_ns() - began) / clock.NS_PER_S < QUICK_S
    words = str(error.value)
    assert seen in words
    assert then in words.partition("next: ")[2]
    assert "likely cause" in words or "psql" in words
    assert PASSWORD not in words


# -- replication -------------------------------------------------------------------------------


def inspected(server: TlsPostgres, user: str) -> list[str]:
    uri = with_password(server.uri(user.replace(" ", "%20"), "sslmode=require"))
    return list(inspect_database(reached(uri)))


@pytest.fixture
def managed(server: TlsPostgres) -> Iterator[None]:
    """As on Amazon RDS: a role whose members may replicate."""
    server.admin.execute("CREATE ROLE rds_replication")
    yield
    server.admin.execute("DROP ROLE rds_replication")


def test_a_role_with_the_attribute_may_replicate(server: TlsPostgres) -> None:
    found = inspected(server, "cdc")
    assert len(found) == 1, found


def test_a_role_without_the_right_gets_the_remedy(server: TlsPostgres) -> None:
    with pytest.raises(Explained, match='ALTER ROLE "Mem ber" REPLICATION'):
        inspected(server, "Mem ber")


@pytest.mark.usefixtures("managed")
def test_on_a_managed_service_membership_is_the_remedy_and_enough(server: TlsPostgres) -> None:
    with pytest.raises(Explained, match='GRANT rds_replication TO "Mem ber"') as error:
        inspected(server, "Mem ber")
    assert "ALTER ROLE" not in str(error.value)
    server.admin.execute('GRANT rds_replication TO "Mem ber"')
    # This server is none of Amazon's: it refuses the connection itself, which is reported.
    warning, line = inspected(server, "Mem ber")
    assert "permission denied to start WAL sender" in warning
    assert "replication slot(s) left" in line


def test_the_right_to_create_is_asked_for_in_the_same_message(server: TlsPostgres) -> None:
    server.admin.execute("REVOKE CREATE ON DATABASE app FROM plain")
    with pytest.raises(Explained) as error:
        inspected(server, "plain")
    assert "ALTER ROLE plain REPLICATION; GRANT CREATE ON DATABASE app TO plain" in str(error.value)


def test_nothing_is_left(server: TlsPostgres) -> None:
    inspected(server, "cdc")
    left = server.admin.query(
        "SELECT slot_name FROM pg_replication_slots UNION SELECT usename FROM pg_stat_activity "
        "WHERE usename <> 'postgres'"
    )
    assert left == []


def test_a_server_without_tls_is_refused_when_tls_is_asked_for(server: TlsPostgres) -> None:
    set_tls(server, "off")
    try:
        refused(with_password(server.uri(query="sslmode=require")), "not support SSL", "ssl = on")
    finally:
        set_tls(server, "on")


def set_tls(server: TlsPostgres, wanted: str) -> None:
    server.admin.execute(f"ALTER SYSTEM SET ssl = {wanted}")
    server.admin.query("SELECT pg_reload_conf()")

    def seen() -> object:
        return server.admin.query("SHOW ssl")[0][0]

    wait_until(seen, lambda found: found == wanted, timedelta(seconds=10), f"ssl={wanted}")


def test_only_connections_of_the_suite_s_own_stack_ignore_the_environment(
    server: TlsPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    monkeypatch.setenv("PGREQUIREAUTH", "gss")
    own = DatabaseAddress.isolated("127.0.0.1", server.port, "app", "postgres")
    assert Database(own.conninfo).query("SELECT 1") == [(1,)]
    with pytest.raises(psycopg.OperationalError):
        Database(server.uri("postgres")).query("SELECT 1")
