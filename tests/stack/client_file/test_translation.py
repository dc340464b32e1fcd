"""Settings of Java's clients mean the same in librdkafka, or are refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
import trustme

from support.errors import SettingsError
from support.stack.client_file import stores
from support.stack.client_file.jaas import Login, read_login, written
from tests.stack.client_file.conftest import Read

SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"
BEARER = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"
SASL = "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n"
TLS = "security.protocol=SSL\n"


def test_a_login_of_java_is_a_user_of_librdkafka(read: Read) -> None:
    login = f'{SCRAM} required \\\n  username="me" \\\n  password="a;b=\\\\"c";'
    assert read(f"{SASL}sasl.jaas.config={login}\n") == {
        "security.protocol": "SASL_SSL",
        "sasl.mechanisms": "SCRAM-SHA-512",
        "sasl.username": "me",
        "sasl.password": 'a;b="c',
    }


def test_a_token_endpoint_of_java_is_the_method_oidc(read: Read) -> None:
    settings = read(
        "security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\n"
        "sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.secured."
        "OAuthBearerLoginCallbackHandler\n"
        "sasl.oauthbearer.token.endpoint.url=https://login.example/token\n"
        f'sasl.jaas.config={BEARER} required clientId="id" clientSecret="s" scope="kafka";\n'
    )
    assert settings == {
        "security.protocol": "SASL_SSL",
        "sasl.mechanisms": "OAUTHBEARER",
        "sasl.oauthbearer.method": "oidc",
        "sasl.oauthbearer.token.endpoint.url": "https://login.example/token",
        "sasl.oauthbearer.client.id": "id",
        "sasl.oauthbearer.client.secret": "s",
        "sasl.oauthbearer.scope": "kafka",
    }


def test_a_token_without_a_signature_is_one_of_librdkafka(read: Read) -> None:
    settings = read(
        "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=OAUTHBEARER\n"
        f'sasl.jaas.config={BEARER} required unsecuredLoginStringClaim_sub="carol";\n'
    )
    assert settings["enable.sasl.oauthbearer.unsecure.jwt"] == "true"
    assert settings["sasl.oauthbearer.config"] == "principal=carol"


@pytest.mark.parametrize("kind", ["JKS", "PKCS12"])
def test_the_certificates_of_a_trust_store_are_trusted(
    read: Read, folder: Path, authority: trustme.CA, kind: str
) -> None:
    settings = read(
        f"{TLS}ssl.truststore.location={folder}/trust.{kind}\nssl.truststore.password=changeit\n"
        "ssl.endpoint.identification.algorithm=\n"
    )
    assert "".join(settings["ssl.ca.pem"].split()) == "".join(
        authority.cert_pem.bytes().decode().split()
    )
    assert settings["ssl.endpoint.identification.algorithm"] == "none"


def test_a_trust_store_with_another_password_is_refused(read: Read, folder: Path) -> None:
    with pytest.raises(SettingsError, match="password was incorrect") as refused:
        read(f"{TLS}ssl.truststore.location={folder}/trust.JKS\nssl.truststore.password=hunter2\n")
    assert "hunter2" not in str(refused.value)


def test_stores_of_pem_are_files_of_librdkafka(read: Read, folder: Path) -> None:
    settings = read(
        f"{TLS}ssl.truststore.type=PEM\nssl.truststore.location={folder}/ca.pem\n"
        f"ssl.keystore.type=PEM\nssl.keystore.location={folder}/client.pem\n"
    )
    assert settings == {
        "security.protocol": "SSL",
        "ssl.ca.location": f"{folder}/ca.pem",
        "ssl.certificate.location": f"{folder}/client.pem",
        "ssl.key.location": f"{folder}/client.pem",
    }


def test_pem_in_a_line_gets_its_line_breaks_back(read: Read, authority: trustme.CA) -> None:
    pem = authority.cert_pem.bytes().decode()
    one_line = pem.strip().replace("\n", " ")
    assert read(f"{TLS}ssl.truststore.certificates={one_line}\n")["ssl.ca.pem"] == pem


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("ssl.keystore.location={folder}/trust.JKS", "keytool -importkeystore"),
        ("ssl.protocol=TLSv1.2", "leave it out"),
        ("sasl.client.callback.handler.class=x.Y", "runs no Java"),
        ("request.timeout.ms=100", "leave it out"),
        ("sasl.jaas.config=x.IAMLoginModule required;", "IAMLoginModule in sasl.jaas.config"),
        (f'sasl.jaas.config={SCRAM} required username="me";', "missing: password"),
        (f'sasl.jaas.config={SCRAM} required username="me password=hunter2;', "can't be read"),
        (f"sasl.jaas.config={BEARER} required;", "where a token comes from"),
        ("ssl.truststore.location=/nowhere/ca.jks", "No such file"),
    ],
)
def test_what_has_no_equivalent_is_refused_with_advice(
    read: Read, folder: Path, line: str, advice: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        read(f"{TLS}{line.format(folder=folder)}\n")
    assert advice in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "options", [{}, {"username": "me", "password": 'a "b" \\c ;=\''}, {"x": ""}]
)
def test_a_login_that_is_written_is_read_again(options: dict[str, str]) -> None:
    assert read_login(written(SCRAM, options)) == Login("ScramLoginModule", options)


def test_a_keytool_that_does_not_end_is_one_message(
    read: Read, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keytool").write_text("#!/bin/sh\nexec sleep 30\n")
    (tmp_path / "keytool").chmod(0o755)
    monkeypatch.setattr(stores, "java", lambda: tmp_path / "java")
    monkeypatch.setattr(stores, "KEYTOOL_S", 0.3)
    text = f"ssl.truststore.location={folder / 'trust.JKS'}\nssl.truststore.password=S3cret\n"
    with pytest.raises(SettingsError, match="keytool did not end within") as refused:
        read(f"security.protocol=SSL\n{text}")
    assert "S3cret" not in str(refused.value)


@pytest.mark.parametrize("path", ["~nosuchuser/x", "a\\u0000b"])
def test_a_path_that_no_host_has_is_one_message(read: Read, path: str) -> None:
    with pytest.raises(SettingsError, match=r"ssl\.truststore\.location is not a path"):
        read(f"security.protocol=SSL\nssl.truststore.location={path}\n")
