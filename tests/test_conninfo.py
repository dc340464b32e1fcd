"""The setting `database` is read as libpq reads it, and no part of a password is ever shown."""

from __future__ import annotations

import pytest

from support.errors import SettingsError
from support.provenance import describe_settings
from support.settings import Settings
from support.settings.conninfo import read_conninfo

MARK = "Geheim"

READ = {
    "postgresql://cdc:a%40b@h:5433/app?sslmode=require&application_name=me@here": {
        "user": "cdc",
        "password": "a@b",
        "host": "h",
        "port": "5433",
        "dbname": "app",
        "sslmode": "require",
        "application_name": "me@here",
    },
    f"postgres://cdc:{MARK}$&:x@[::1]:5432/app": {
        "user": "cdc",
        "password": f"{MARK}$&:x",
        "host": "::1",
        "port": "5432",
        "dbname": "app",
    },
    "postgresql://h1:5432,h2:5433/app?target_session_attrs=primary": {
        "host": "h1,h2",
        "port": "5432,5433",
        "dbname": "app",
        "target_session_attrs": "primary",
    },
    rf"host=h password='it\'s {MARK}' sslrootcert=system": {
        "host": "h",
        "password": f"it's {MARK}",
        "sslrootcert": "system",
    },
    "service=orders": {"service": "orders"},
    "postgresql:///app?host=/run/postgresql": {"host": "/run/postgresql", "dbname": "app"},
}

NOT_ENCODED = [
    f"postgresql://cdc:{before}{MARK}@db:5432/app"
    for before in ("a[", "a]", "a#", "a/", "a?", "a@", "a%", "a ", "1/", "1?x=", "a?x/", "a@b/")
]

OTHERS = {
    f"host=h password=a {MARK}": "quote it",
    "postgresql://h/app?sslmod=require": "did you mean sslmode?",
    "host=h sslmod=require": "did you mean sslmode?",
    f"postgresql://cdc:{MARK}@h/app?passwort={MARK}": "did you mean password?",
    f"mysql://cdc:{MARK}@h/app": "the URL of something else",
    f"host=h port={MARK}": "its port is not a number",
    f"postgresql://cdc:{MARK}": "percent-encode",
    "app": "quote it",
}


@pytest.mark.parametrize("text", READ)
def test_a_connection_string_is_read_as_libpq_reads_it(text: str) -> None:
    assert read_conninfo(text) == READ[text]


@pytest.mark.parametrize("text", NOT_ENCODED)
def test_a_character_that_is_not_encoded_is_named_and_the_password_is_not(text: str) -> None:
    with pytest.raises(SettingsError, match="percent-encode these characters") as refused:
        read_conninfo(text)
    assert MARK not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("text", OTHERS)
def test_another_mistake_is_explained_without_a_part_of_the_text(text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_conninfo(text)
    assert OTHERS[text] in str(refused.value)
    assert MARK not in str(refused.value)


@pytest.mark.parametrize("text", [*READ, *NOT_ENCODED, *OTHERS])
def test_a_record_of_the_settings_has_no_part_of_a_password(text: str) -> None:
    shown = describe_settings(Settings.load({"database": text}))["database"]
    assert MARK not in shown
    assert shown


def test_a_record_of_the_settings_keeps_what_is_no_secret() -> None:
    def shown(text: str) -> str:
        return describe_settings(Settings.load({"database": text}))["database"]

    place = "db:5432/app?sslmode=require"
    assert shown(f"postgresql://cdc:{MARK}@{place}") == f"postgresql://cdc:***@{place}"
    assert shown(f"postgresql://cdc@{place}") == f"postgresql://cdc@{place}"
    assert shown(f"host=h user=cdc password={MARK}") == "user=cdc password=*** host=h"
    assert (
        shown(f"postgresql://h/app?sslpassword={MARK}&sslkey=k")
        == "postgresql://h/app?sslpassword=***&sslkey=k"
    )
    assert shown(f"postgresql://h/app?%70assword={MARK}") == "postgresql://h/app?%70assword=***"


@pytest.mark.parametrize("port", ["99999999999", "65536", "0"])
@pytest.mark.parametrize(
    "text", ["postgresql://u@h:{}/d", "postgresql://u@h:1,i:{}/d", "host=h,i port=5432,{}"]
)
def test_a_port_that_does_not_exist_is_refused(text: str, port: str) -> None:
    with pytest.raises(SettingsError, match="its port is not 1 to 65535"):
        read_conninfo(text.format(port))
