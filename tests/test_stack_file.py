"""A stack file gives the settings that the same `-D` flags would give, or one message."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.errors import SettingsError
from support.settings import ROOT, Settings
from support.settings.conninfo import libpq_keywords
from support.settings.stack_places import NOT_IN_A_FILE, TABLES, place_of, settings_by_place

EXAMPLE = ROOT / "docs" / "stack.example.toml"
SECRETS: Mapping[str, str] = {
    "CONNECT_PASSWORD": "c'/@p",
    "KAFKA_UI_PASSWORD": "u",
    "PGPASSWORD": "d b\\'p",
}
FIELDS = [each.name for each in dataclasses.fields(Settings)]
OF_OUR_OWN_STACKS = re.compile(
    r".*_(image|version|heap|port|jar)|maven_mirror|cache|stack|overrides|allow_broken_pair|.*_to"
)
"""Settings without a meaning for a stack that others run."""


def load(
    path: Path, text: str | bytes, given: Mapping[str, str] | None = None, **env: str
) -> Settings:
    file = path / "stack.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    file.chmod(0o600)
    return Settings.load({"stack": str(file), **(given or {})}, env)


def refused(path: Path, text: str | bytes, **env: str) -> str:
    with pytest.raises(SettingsError) as error:
        load(path, text, None, **env)
    return str(error.value)


def test_the_example_is_a_stack_file() -> None:
    settings = Settings.load({"stack": str(EXAMPLE)}, SECRETS)
    assert settings.target == "attach"
    assert settings.bootstrap == "kafka-1.example.com:9093,kafka-2.example.com:9093"
    assert settings.connect == "https://connect.example.com:8083"
    assert (settings.connect_user, settings.connect_password) == ("validation", "c'/@p")
    assert "host=db.example.com" in settings.database
    assert r"password='d b\\\'p'" in settings.database


def test_the_example_with_all_its_comments_is_a_stack_file_too(tmp_path: Path) -> None:
    """Every key that it only mentions has a value of the right type."""
    text = re.sub(r"^# (?=[\w\"][\w.\"]* = )", "", EXAMPLE.read_text(), flags=re.MULTILINE)
    text = re.sub(r"^uri = .*", "", text, flags=re.MULTILINE)
    (tmp_path / "ca.pem").touch()
    settings = load(tmp_path, text, None, **SECRETS)
    assert settings.kafka_container == "kafka"
    assert settings.overrides == {
        "topic": {"replication.factor": "3"},
        "connector": {"poll.interval.ms": "500"},
    }


@pytest.mark.parametrize("name", [f for f in FIELDS if not OF_OUR_OWN_STACKS.fullmatch(f)])
def test_the_example_has_every_setting_of_a_stack_of_others(name: str) -> None:
    """If it fails: describe the new setting in docs/stack.example.toml."""
    table, key = place_of(name)
    content = EXAMPLE.read_text().partition(f"\n[{table}]\n")[2].partition("\n[")[0]
    assert re.search(rf"^(# )?{key} = ", content, re.MULTILINE), f"[{table}] {key}"


def test_every_setting_has_one_place_and_every_place_one_setting() -> None:
    places = settings_by_place(FIELDS)
    assert sorted(places.values()) == sorted(set(FIELDS) - set(NOT_IN_A_FILE))
    assert {table for table, _ in places} <= set(TABLES)
    # libpq's keywords are put together to one setting.
    assert not {key for table, key in places if table == "postgres"} & set(libpq_keywords())


def test_d_wins_over_the_environment_and_both_over_the_file(tmp_path: Path) -> None:
    text = "[run]\nscale = 0.1\nseed = 1\nrepeat = 2\n[override.topic]\nretention.ms = 5\na = true"
    given = {"scale": "0.3", "topic.retention.ms": "7"}
    settings = load(tmp_path, text, given, KAFKA_VALIDATION_SCALE="0.2", KAFKA_VALIDATION_SEED="9")
    assert (settings.scale, settings.seed, settings.repeat) == (0.3, 9, 2)
    assert settings.overrides == {"topic": {"retention.ms": "7", "a": "true"}}


def test_the_environment_can_name_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my.toml").write_text("[run]\nseed = 5\n")
    monkeypatch.chdir(tmp_path)
    settings = Settings.load({}, {"KAFKA_VALIDATION_STACK": "my.toml"})
    assert (settings.seed, settings.stack) == (5, tmp_path / "my.toml")


@pytest.mark.parametrize(
    "text",
    ['[kafka]\nbootstrap = "k:1"', '[connect]\nurl = "http://c"', '[postgres]\nhost = "db"'],
)
def test_an_address_means_attach_unless_the_target_is_set(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text).target == "attach"
    assert load(tmp_path, text, {"target": "compose"}).target == "compose"
    assert load(tmp_path, f'{text}\n[run]\ntarget = "embedded"').target == "embedded"
    assert load(tmp_path, "[run]\nseed = 1").target == "embedded"


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    text = '[run]\nreports = "out"\n[postgres]\nsslrootcert = "ca.pem"\nsslcert = "/c.pem"'
    settings = load(tmp_path, text)
    assert settings.reports == tmp_path / "out"
    assert f"sslrootcert={tmp_path}/ca.pem" in settings.database
    assert "sslcert=/c.pem" in settings.database


def test_a_uri_gets_the_keywords_that_it_does_not_have(tmp_path: Path) -> None:
    text = '[postgres]\nuri = "postgresql://u@h:1/db?sslmode=require"\npassword = "${P}"'
    assert "password=secret" in load(tmp_path, text, P="secret").database


def test_a_dollar_can_be_written(tmp_path: Path) -> None:
    assert load(tmp_path, '[kafka]\nbootstrap = "$${A}$x"').bootstrap == "${A}$x"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[run]\nscael = 1", ["stack.toml, line 2", "did you mean scale?"]),
        ("\n[kafak]\nbootstrap = 'x'", ["stack.toml, line 2", "did you mean [kafka]?"]),
        ("bootstrap = 'x'", ["line 1", "it belongs into a table: [kafka] bootstrap"]),
        ("[postgres]\nsslmoed = 'x'", ["line 2", "did you mean sslmode?"]),
        ("[kafka]\nkafka_container = 'x'", ["line 2", "did you mean kafka in [containers]?"]),
        ("[kafka]\n\nbootstrap = 9092", ["line 3", "a whole number", 'a text in "quotes"']),
        ("[kafka]\nbootstrap = [9092]", ["line 2", "a list of texts"]),
        ("[kafka]\nbootstrap = []", ["line 2", "a list of texts"]),
        ("[run]\nscale = '1'", ["line 2", "wrong type", "a number"]),
        ("[run]\nseed = true", ["line 2", "true or false", "a whole number"]),
        ("[run]\nstrict = 'yes'", ["line 2", "true or false"]),
        ("[run]\nmin_free_disk = 'much'", ["line 2", 'a size such as "5GB"']),
        ("[run]\nseed = 1979-05-27", ["line 2", "wrong type"]),
        ("run = 5", ["line 1", "a table: [run]"]),
        ("[override.brokr]\na = 1", ["line 1", "did you mean [override.broker]?"]),
        ("[override]\nbroker = 1", ["line 2", "a table: [override.broker]"]),
        ("[override.topic]\nretention.ms = []", ["line 2", "a text, a number"]),
        ("[kafka]\nbootstrap = ", ["is not TOML", "line 2"]),
        ("[kafka]\nbootstrap = host:9092\n[run]", ["is not TOML", "line 2"]),
        ("[run]\nseed = 1\nseed = 2", ["is not TOML", "line 3"]),
        (b"[run]\n# \xe9\n", ["can't be read", "line 2: a byte that is not UTF-8"]),
        ("[postgres]\nuri = 'postgresql://u@h/db'\nuser = 'u'", ["user is in the uri and also"]),
        ("[kafka]\nbootstrap = '${}'", ["line 2", "without the name of a variable"]),
        ("[run]\nscale = 0.0", ["must be above 0"]),
        ('[run]\ncache = "a\\u0000b"', ["line 2: cache is not a path", "NUL"]),
        ('[connect]\nca = "~nosuchuser/x"', ["line 2: ca is not a path", "~nosuchuser/x"]),
        ('[postgres]\nsslrootcert = "~nosuchuser/x"', ["line 2: sslrootcert is not a path"]),
        ("[run]\nkafka_port = 99999999999", ["1 to 65535"]),
        ("[connect]\nurl = 'http://h:99999999999'", ["is not the URL of one server"]),
        ("[run]\ntarget = 'atach'", ["use -D target=attach"]),
    ],
)
def test_a_mistake_gets_one_message_with_its_line(
    tmp_path: Path, text: str | bytes, words: list[str]
) -> None:
    message = refused(tmp_path, text)
    assert [word for word in words if word not in message] == [], message


def test_a_missing_variable_is_named_with_the_line_of_its_key(tmp_path: Path) -> None:
    text = '[postgres]\nhost = "db"\nuser = "u"\npassword = "${DB_PASSWORD}"'
    message = refused(tmp_path, text)
    assert "stack.toml, line 4: password" in message
    assert "DB_PASSWORD, which is not set" in message
    assert "which is empty" in refused(tmp_path, text, DB_PASSWORD="")


def test_a_file_that_is_missing_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "none.toml", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(SettingsError, match=why):
            Settings.load({"stack": str(path)}, {})


@pytest.mark.parametrize(
    "text",
    [
        "[postgres]\npassword = ['S3cret']",
        "[postgres]\npassword = 'S3cret",
        "[postgres]\npassword = S3cret",
        "[postgres]\npassword = 'S3cret'\nuri = 'postgresql://u:S3c[ret@h/db'",
        "[postgres]\npassword = 'S3cret'\nuri = 'postgresql://u:S3cret@h/db'",
        "[postgres]\nsslmode = 'require'\nuri = 'postgresql://u:12/S3cret@h/db'",
        "[postgres]\nsslmode = 'require'\nuri = 'postgresql://u:%FFS3cret@h/db'",
        "[connect]\nurl = 5\npassword = 'S3cret'",
    ],
)
def test_no_message_contains_a_password(tmp_path: Path, text: str) -> None:
    assert "S3c" not in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "mode", "warned"),
    [
        ("[postgres]\npassword = 'S3cret'", 0o600, False),
        ("[postgres]\npassword = 'S3cret'", 0o640, True),
        ("[postgres]\npassword = 'S3cret'", 0o644, True),
        ("[postgres]\npassword = '${P}'", 0o644, False),
        ("[postgres]\nuri = 'postgresql://u:S3cret@h/db'", 0o644, True),
        ("[postgres]\nuri = 'postgresql://u:${P}@h/db'", 0o644, False),
        ("[override.connector]\n'a.password' = 'S3cret'", 0o644, True),
        ("[postgres]\nuser = 'u'", 0o644, False),
    ],
)
def test_a_password_in_a_file_that_others_may_read_is_a_warning(
    tmp_path: Path,
    text: str,
    mode: int,
    warned: bool,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "stack.toml"
    file.write_text(text)
    file.chmod(mode)
    Settings.load({"stack": str(file)}, {"P": "x"})
    said = capfd.readouterr().err
    assert ("chmod 600" in said) == warned
    assert "S3cret" not in said
