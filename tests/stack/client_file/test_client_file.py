"""A file of client settings is read as kcat and Java read it; what can't work is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.errors import SettingsError
from support.settings import Settings
from support.stack.attached.kafka_address import kafka_address
from support.stack.client_file.security import security_of
from tests.stack.client_file.conftest import Read

PLAIN = "security.protocol=SASL_SSL\nsasl.mechanisms=PLAIN\nsasl.username=me\n"


def test_a_file_of_kcat_is_taken_literally(read: Read) -> None:
    text = "# a comment\n\n  security.protocol = SASL_SSL\nsasl.mechanisms=PLAIN\n"
    settings = read(text + "sasl.username=me\nsasl.password=a\\b=c#d\\\n")
    assert settings == {
        "security.protocol": "SASL_SSL",
        "sasl.mechanisms": "PLAIN",
        "sasl.username": "me",
        "sasl.password": "a\\b=c#d\\",
    }


@pytest.mark.parametrize("reference", ["${KAFKA_SECRET}", "${env:KAFKA_SECRET}"])
def test_a_secret_may_be_in_the_environment(
    read: Read, monkeypatch: pytest.MonkeyPatch, reference: str
) -> None:
    monkeypatch.setenv("KAFKA_SECRET", "hunter2")
    assert read(f"{PLAIN}sasl.password=<{reference}>\n")["sasl.password"] == "<hunter2>"
    monkeypatch.delenv("KAFKA_SECRET")
    with pytest.raises(SettingsError, match="variable KAFKA_SECRET is not set"):
        read(f"{PLAIN}sasl.password={reference}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("security.protocol=SSL\nssl.ca.loaction=x\n", "did you mean ssl.ca.location"),
        ("secuirty.protocol=SSL\n", "did you mean security.protocol"),
        ("zzz=hunter2\n", "unknown setting in line 1"),
        ("\nsocket.zzz=hunter2\n", "unknown setting 'socket.zzz' in line 2"),
        ("sasl.hunter2=\n", r"a setting sasl\.\*, which security.protocol=plaintext does not"),
        (f"{PLAIN}sasl.password: hunter2==\n", "Line 4 of .* is not KEY=VALUE"),
        (f"{PLAIN}sasl.password=\nhunter2==\n", "unknown setting in line 5"),
        (f"{PLAIN}sasl.password=\nsasl.hunter2=\n", "unknown setting in line 5"),
        (f"{PLAIN}sasl.jaas.config=user:hunter2 required\n", "the login module in sasl.jaas"),
        (f"{PLAIN}sasl.jaas.config=hunter2 required\n", "the login module in sasl.jaas"),
        ("sasl.jaas.config=X required\nHUNTER2hunter2 x\n", "Line 2 of .* is not KEY=VALUE"),
        ("bootstrap.servers=hunter2:1\n", "-D bootstrap=HOST:PORT"),
        ("group.id=hunter2\n", "can't have group.id"),
        ("acks=1\n", "-D producer.acks"),
        ("enable.auto.commit=true\n", "can't have enable.auto.commit"),
        ("plugin.library.paths=/hunter2\n", "can't have plugin.library.paths"),
        ("security.protocol SSL hunter2\n", "Line 1 of .* is not KEY=VALUE"),
        ("security.protocol=TLS\n", 'Invalid value "TLS"'),
        ("sasl.password=hunter2\n", "sasl.password, which security.protocol=plaintext does not"),
        ("security.protocol=SASL_SSL\nsasl.password=hunter2\n", "which SASL mechanism"),
        (f"{PLAIN}sasl.mechanisms=GSSAPI\n", "No provider for SASL mechanism GSSAPI"),
        ("security.protocol=SSL\nssl.ca.location=/nowhere\n", "/nowhere: No such file"),
    ],
)
def test_what_can_t_work_is_refused_without_a_secret(read: Read, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as refused:
        read(text)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("separator", ["=", ":", " : ", " ", "\t"])
def test_java_s_separators_are_read_as_java_does(read: Read, separator: str) -> None:
    module = "org.apache.kafka.common.security.plain.PlainLoginModule"
    login = f'{module} required username="me:too" password="a=b c";'
    lines = (
        ("security.protocol", "SASL_SSL"),
        ("sasl.mechanism", "PLAIN"),
        ("sasl.jaas.config", login),
    )
    settings = read("\ufeff" + "".join(f"{key}{separator}{value}\n" for key, value in lines))
    assert settings == {
        "security.protocol": "SASL_SSL",
        "sasl.mechanisms": "PLAIN",
        "sasl.username": "me:too",
        "sasl.password": "a=b c",
    }


def test_a_mark_at_the_start_of_a_file_is_skipped(read: Read) -> None:
    assert read("\ufeffclient.id=me\n") == {"client.id": "me"}


def test_a_file_that_can_t_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nothing: No such file"):
        security_of(tmp_path / "nothing")
    (tmp_path / "binary").write_bytes(b"\xfe\xed\xfe\xed")
    with pytest.raises(SettingsError, match="it is not UTF-8 text"):
        security_of(tmp_path / "binary")


def test_it_is_a_setting_of_attach(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("client.id=me\n")
    given = {"client_config": str(tmp_path / "f"), "bootstrap": "[::1]:9092"}
    address = kafka_address(Settings.load({**given, "target": "attach"}, {}))
    assert address.servers == (("::1", 9092),)
    assert address.security == {"client.id": "me", "broker.address.family": "any"}
    with pytest.raises(SettingsError, match="only for a stack that others run"):
        Settings.load(given, {})


@pytest.mark.parametrize(
    "bootstrap",
    ["ops:S3cret@h:9092", "SASL_SSL://ops:S3cret@h:9092", "ops:S3,cret@h:9092", "h:S3cret#@h"],
)
def test_a_login_in_bootstrap_is_refused_and_not_quoted(bootstrap: str) -> None:
    given = {"bootstrap": bootstrap, "target": "attach"}
    with pytest.raises(SettingsError, match="not the address of a Kafka broker") as refused:
        kafka_address(Settings.load(given, {}))
    assert "S3" not in str(refused.value)
    assert refused.value.__suppress_context__
