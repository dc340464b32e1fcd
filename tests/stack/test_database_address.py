"""The address of a database: what libpq gets, what the connector gets, what is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.errors import SettingsError
from support.progress import Progress
from support.settings import Settings
from support.stack.addresses import DatabaseAddress
from support.stack.attached.address import database_address
from support.stack.choose import choose_stack
from support.stack.libpq import with_defaults

VARIABLES = (
    *("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGSSLMODE", "PGSERVICE"),
    *("PGSERVICEFILE", "PGSSLROOTCERT", "PGCONNECT_TIMEOUT"),
)


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def address(text: str, **settings: str) -> DatabaseAddress:
    return database_address(Settings.load({"database": text, **settings}))


def service_file(folder: Path) -> str:
    path = folder / "services.conf"
    path.write_text("[orders]\nhost=orders.example\nport=6000\nuser=reader\nsslmode=prefer\n")
    return str(path)


def test_variables_complete_what_the_setting_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "secret")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGPORT", "6000")
    found = address("postgresql://cdc@db.example:5433/app")
    assert (found.host, found.port, found.user, found.name) == ("db.example", 5433, "cdc", "app")
    assert found.password == "secret"
    assert found.parameters["sslmode"] == "verify-full"
    assert "secret" not in repr(found)
    assert "secret" not in found.place


def test_a_service_wins_over_variables_and_the_setting_over_both(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PGSERVICEFILE", service_file(tmp_path))
    monkeypatch.setenv("PGHOST", "wrong.example")
    monkeypatch.setenv("PGSSLMODE", "require")
    found = address("postgresql://cdc@/app?service=orders")
    assert (found.host, found.port, found.user, found.name) == (
        "orders.example",
        6000,
        "cdc",
        "app",
    )
    assert found.parameters["sslmode"] == "prefer"
    monkeypatch.setenv("PGSERVICE", "orders")
    assert address("dbname=app").host == "orders.example"


def test_nothing_of_ours_is_added_to_what_libpq_knows() -> None:
    assert set(with_defaults({"host": "h"})) <= {"host", "user"}


def test_an_address_of_the_suite_s_own_server_ignores_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "6000")
    own = DatabaseAddress.isolated("127.0.0.1", 5432, "app", "cdc")
    assert own.parameters["sslmode"] == "disable"
    choose_stack(Settings.load({}), Progress())
    assert with_defaults({"host": "h"}).get("password") is None


@pytest.mark.parametrize(
    ("parameters", "settings"),
    [
        ({}, {}),
        ({"sslmode": "disable", "sslrootcert": "/ca"}, {"sslmode": "disable"}),
        ({"sslmode": "require"}, {"sslmode": "require"}),
        (
            {"sslmode": "require", "sslrootcert": "/ca"},
            {"sslmode": "verify-ca", "sslrootcert": "/ca"},
        ),
        (
            {"sslmode": "verify-full", "sslrootcert": "/ca", "sslcert": "/c", "sslkey": "/k"},
            {"sslmode": "verify-full", "sslrootcert": "/ca", "sslcert": "/c", "sslkey": "/k"},
        ),
        (
            {"sslrootcert": "system"},
            {
                "sslmode": "verify-full",
                "sslfactory": "org.postgresql.ssl.DefaultJavaSSLFactory",
            },
        ),
    ],
)
def test_the_connector_is_never_weaker_than_asked(
    parameters: dict[str, str], settings: dict[str, str]
) -> None:
    role = {"host": "h", "user": "cdc", "dbname": "app"}
    found = DatabaseAddress({**role, **parameters}).connector_settings
    tls = {key.removeprefix("database."): value for key, value in found.items() if "ssl" in key}
    assert tls == settings
    assert found["database.port"] == "5432"


def test_the_connector_gets_what_a_connection_used() -> None:
    asked = {"host": "h1,h2", "port": "1,2", "user": "cdc", "dbname": "app"}
    found = {"host": "h2", "port": "2", "password": "from pgpass"}
    settings = DatabaseAddress(asked, found).connector_settings
    assert (settings["database.hostname"], settings["database.port"]) == ("h2", "2")
    assert settings["database.password"] == "from pgpass"
    inside = DatabaseAddress(asked, found, ("store", 5432)).connector_settings
    assert (inside["database.hostname"], inside["database.port"]) == ("store", "5432")


def test_an_ipv6_host_is_an_ordinary_one() -> None:
    found = address("postgresql://cdc@[2001:db8::7]:5433/app", connect_database="[::1]:5432")
    assert (found.host, found.port, found.inside) == ("2001:db8::7", 5433, ("::1", 5432))
    assert found.place == "[2001:db8::7]:5433/app"


@pytest.mark.parametrize(
    "text", ["store", "store:", ":5432", "store:port", "store:99999999999", "store:٣"]
)
def test_connect_database_is_a_host_and_a_port(text: str) -> None:
    with pytest.raises(SettingsError, match="HOST:PORT"):
        address("postgresql://cdc@h/app", connect_database=text)


@pytest.mark.parametrize("text", ["postgresql://u:S3cret@h", "u:S3cret@h:5432", "u:S3c/ret@h:1"])
def test_a_login_in_connect_database_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(SettingsError, match="HOST:PORT") as refused:
        address("postgresql://cdc@h/app", connect_database=text)
    assert "S3c" not in str(refused.value)
