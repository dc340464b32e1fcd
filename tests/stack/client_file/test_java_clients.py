"""Kafka's tools get the same security as other clients, in a file that does not stay."""

from __future__ import annotations

import io
import stat
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import trustme

from support.clients.kafka_address import KafkaAddress
from support.errors import StackError, Unavailable
from support.java_properties import read_properties
from support.progress import Progress
from support.settings import Settings
from support.stack.attached import tools
from support.stack.attached.tools import AttachedTools
from support.stack.client_file.java_clients import java_settings
from support.stack.client_file.translated import translated
from support.stack.processes.commands import Finished

SCRAM = {
    "security.protocol": "sasl_ssl",
    "sasl.mechanisms": "SCRAM-SHA-512",
    "sasl.username": "me",
    "sasl.password": 'a "b\\;',
}
PRODUCER = "org.apache.kafka.tools.ProducerPerformance"
PATIENCE = timedelta(seconds=5)


@pytest.mark.parametrize(
    "security",
    [
        SCRAM,
        {**SCRAM, "ssl.endpoint.identification.algorithm": "none", "sasl.mechanisms": "PLAIN"},
        {
            "security.protocol": "sasl_plaintext",
            "sasl.mechanisms": "OAUTHBEARER",
            "enable.sasl.oauthbearer.unsecure.jwt": "true",
            "sasl.oauthbearer.config": "principal=carol",
        },
        {
            "security.protocol": "sasl_ssl",
            "sasl.mechanisms": "OAUTHBEARER",
            "sasl.oauthbearer.method": "oidc",
            "sasl.oauthbearer.client.id": "id",
            "sasl.oauthbearer.client.secret": "s",
            "sasl.oauthbearer.token.endpoint.url": "https://login.example",
        },
    ],
)
def test_a_translation_to_java_and_back_changes_nothing(security: Mapping[str, str]) -> None:
    back = translated(java_settings(security))
    back["security.protocol"] = back["security.protocol"].lower()
    if back.get("ssl.endpoint.identification.algorithm") == "https":
        del back["ssl.endpoint.identification.algorithm"]
    assert back == security


def test_certificates_are_in_the_settings_themselves(folder: Path, authority: trustme.CA) -> None:
    key = folder / "pkcs8.pem"
    key.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    settings = java_settings(
        {
            "security.protocol": "SSL",
            "ssl.ca.location": str(folder / "ca.pem"),
            "ssl.certificate.location": str(folder / "client.pem"),
            "ssl.key.location": str(key),
            "ssl.key.password": "not used by a key that is not encrypted",
        }
    )
    assert settings["ssl.truststore.certificates"] == authority.cert_pem.bytes().decode()
    assert settings["ssl.keystore.key"] == key.read_text()
    assert "PRIVATE" not in settings["ssl.keystore.certificate.chain"]
    assert "ssl.key.password" not in settings


@pytest.mark.parametrize(
    ("security", "reason"),
    [
        ({"ssl.ca.location": "/"}, "a folder"),
        ({"enable.ssl.certificate.verification": "false"}, "no enable.ssl"),
        ({"ssl.certificate.location": "{folder}/client.pem", "ssl.key.pem": "x"}, "PKCS#8"),
        ({"security.protocol": "SASL_SSL", "sasl.mechanisms": "GSSAPI"}, "GSSAPI"),
    ],
)
def test_what_java_can_t_do_is_a_reason_to_skip(
    folder: Path, security: dict[str, str], reason: str
) -> None:
    given = {key: value.format(folder=folder) for key, value in security.items()}
    with pytest.raises(Unavailable, match=reason):
        java_settings({"security.protocol": "SSL", **given})


def test_the_file_of_a_tool_is_private_and_does_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, ...]] = []

    def run(_name: str, command: tuple[str, ...], *_: object) -> Finished:
        path = Path(command[command.index("--producer.config") + 1])
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert 'username="me"' in read_properties(path)["sasl.jaas.config"]
        seen.append(command)
        return Finished(0, f"output with {SCRAM['sasl.password']}")

    monkeypatch.setattr(tools, "fetch", lambda *_: [])
    monkeypatch.setattr(tools, "run_to_end", run)
    monkeypatch.setattr(Settings, "home", tmp_path)
    kafka = KafkaAddress("host:1", SCRAM)
    toolbox = AttachedTools(Settings.load({}, {}), kafka, Progress(io.StringIO()))
    assert toolbox.run(PRODUCER, ["--topic", "t"], PATIENCE) == "output with ***"
    assert not any(SCRAM["sasl.password"] in word for word in seen[0])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_without_the_jars_the_tools_are_not_available(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StackError("The repository does not answer.")

    monkeypatch.setattr(tools, "fetch", fail)
    toolbox = AttachedTools(Settings.load({}, {}), KafkaAddress("h:1"), Progress(io.StringIO()))
    with pytest.raises(Unavailable, match="can't be downloaded"):
        toolbox.run(PRODUCER, [], PATIENCE)
