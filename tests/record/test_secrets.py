"""No secret of a client's or a connector's settings is written to a record."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.figures.setting_meanings import MEANINGS
from support.record.capture_in_force import CONNECT_DEFAULTS, Capture
from support.record.in_force import IN_FORCE, InForce
from support.record.load import LOAD, LoadNews, LoadOrder, LoadRecord
from support.record.record import Record
from support.record.secrets import HIDDEN, without_passwords, without_secrets
from support.record.section import Section
from support.record.shown_worker import explained_of_worker
from support.record.sizes import SIZE_LIMITS, SizeLimits

SETTINGS = {"acks": "all", "sasl.password": "hunter2"}
ORDER = LoadOrder(
    "host:1", "topic", SETTINGS, (), 1, (1, 2), "folder", None, "disk", 0, security=SETTINGS
)


@pytest.mark.parametrize(
    ("section", "value"),
    [
        (LOAD, LoadRecord(ORDER, LoadNews("done"), 0)),
        (SIZE_LIMITS, SizeLimits(SETTINGS, {}, SETTINGS, SETTINGS)),
        (IN_FORCE, InForce(SETTINGS, SETTINGS, {}, (), Capture(SETTINGS, SETTINGS))),
    ],
    ids=lambda each: each.name if isinstance(each, Section) else "",
)
def test_recorded_settings_have_no_secrets(
    tmp_path: Path, section: Section[object], value: object
) -> None:
    record = Record(tmp_path)
    record.write(section, value)
    text = (tmp_path / section.path).read_text()
    assert "hunter2" not in text
    assert HIDDEN in text
    assert str(record[section]).count("'acks': 'all'") == str(value).count("'acks': 'all'")


@pytest.mark.parametrize(
    "name",
    [
        "sasl.password",
        "ssl.key.pem",
        "ssl.keystore.key",
        "producer.sasl.jaas.config",
        "sasl.oauthbearer.client.secret",
        "database.password",
        "basic.auth.user.info",
        "config.providers.vault.param.api.key",
        "config.providers.vault.param.apikey",
        "config.providers.aws.param.access.key",
        "config.providers.x.param.vault.pwd",
        "ssl.truststore.passphrase",
        "value.converter.bearer.auth.credentials",
        "value.converter.bearer.auth",
        "rest.extension.auth",
        "confluent.license",
        "x.keyStorePass",
    ],
)
def test_a_setting_that_holds_a_secret_is_hidden(name: str) -> None:
    assert without_secrets({name: "x", "linger.ms": "5"}) == {name: HIDDEN, "linger.ms": "5"}


@pytest.mark.parametrize(
    "text",
    [
        "http://ops:S3cret@host:8083/x",
        "postgresql://me:S3/cr:e@t@db:5432/app?sslmode=require",
        "host=db user=me password=S3cret dbname=app",
        "host=db password='S3 cr\\'et' dbname=app",
        'ScramLoginModule required username="me" password="S3 cret";',
        "postgresql://db/app?user=me&password=S3cret&sslmode=require",
        "Password: S3cret",
        "client_secret=S3cret",
        "-Djavax.net.ssl.keyStorePass=S3cret",
        "passphrase=S3cret",
        "api.key=S3cret",
    ],
)
def test_a_password_in_a_text_is_hidden(text: str) -> None:
    shown = without_passwords(text)
    assert "S3" not in shown
    assert "et'" not in shown
    assert HIDDEN in shown
    assert without_secrets({"x": text}) == {"x": shown}


@pytest.mark.parametrize(
    "text",
    ["FATAL: password authentication failed for user", "token bucket: 5"],
)
def test_other_texts_stay(text: str) -> None:
    assert without_passwords(text) == text


def test_only_explained_settings_of_a_worker_of_others_are_recorded(tmp_path: Path) -> None:
    """No list of words can know the names of every plug-in's secrets."""
    judged = {
        "producer.acks": "1",
        "value.converter": "X",
        "offset.flush.interval.ms": "1000",
        "connector.client.config.override.policy": "None",
    }
    theirs = Capture({}, {**judged, "config.providers.x.param.harmless": "hunter2"}, own=False)
    record = Record(tmp_path)
    record.write(IN_FORCE, InForce({}, {}, {}, (), None, team={"orders": theirs}))
    assert "hunter2" not in (tmp_path / IN_FORCE.path).read_text()
    worker = record[IN_FORCE].team["orders"].worker
    assert worker is not None
    assert judged.items() <= worker.items()


def test_every_judged_or_explained_setting_of_a_worker_is_recorded() -> None:
    names = {*MEANINGS["worker"], *(f"producer.{each}" for each in CONNECT_DEFAULTS)}
    assert explained_of_worker(dict.fromkeys(names, "x")).keys() == names
