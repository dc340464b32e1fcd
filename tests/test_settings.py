"""Bad input gets one clear message with the way out."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from support.errors import SettingsError
from support.provenance import describe_settings
from support.settings import ROOT, Bytes, Settings, environment_for_children
from support.settings.table import ROWS, settings_table


def load(**given: str) -> Settings:
    return Settings.load({key.replace("__", "."): value for key, value in given.items()}, {})


def test_defaults_are_a_full_size_run_of_the_embedded_stack() -> None:
    settings = Settings.load({}, {})
    assert (settings.target, settings.scale) == ("embedded", 1.0)


def test_the_command_line_wins_over_the_environment() -> None:
    env = {"KAFKA_VALIDATION_SCALE": "0.5", "KAFKA_VALIDATION_SEED": "7", "PATH": "/bin"}
    settings = Settings.load({"scale": "0.1"}, env)
    assert (settings.scale, settings.seed) == (0.1, 7)


def test_overrides_are_kept_by_part() -> None:
    settings = load(broker__message__max__bytes="600", producer__acks="0")
    assert settings.overrides == {
        "broker": {"message.max.bytes": "600"},
        "producer": {"acks": "0"},
    }


def test_settings_of_the_allure_formatter_are_not_ours() -> None:
    assert Settings.load({"AllureFormatter.hide_excluded": "true"}, {}).overrides == {}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scael": "1"}, "did you mean -D scale=...?"),
        ({"broke.message.max.bytes": "1"}, "did you mean -D broker.message.max.bytes=...?"),
        ({"nonsense": "1"}, "There is no setting 'nonsense'"),
        ({"target": "embeded"}, "use -D target=embedded"),
        ({"target": "kubernetes"}, "There is no target 'kubernetes'"),
        ({"payloads": "theirs"}, "There are no payloads 'theirs'"),
        ({"scale": "fast"}, "a number"),
        ({"scale": "0"}, "must be above 0"),
        ({"seed": "1.5"}, "a whole number"),
        ({"kafka_port": "http"}, "a whole number"),
        ({"kafka_port": "70000"}, "1 to 65535"),
        ({"min_free_disk": "much"}, "a size such as 5GB"),
        ({"min_free_disk": "infGB"}, "a size such as 5GB"),
        ({"min_free_disk": "-1GB"}, "a size such as 5GB"),
        ({"kafka_heap": "lots"}, "as Java's -Xmx takes it"),
        ({"connect_heap": "-1g"}, "as Java's -Xmx takes it"),
        ({"postgres_version": "17"}, "wanted: 16 or 18"),
        ({"target": "compose", "postgres_version": "18"}, "-D postgres_image="),
        ({"target": "attach", "kafka_version": "4.3.1"}, "leave -D kafka_version out"),
        ({"kafka_heap": "1 g"}, "as Java's -Xmx takes it"),
        ({"connect_ca": "/nowhere/ca.pem"}, "The file of connect_ca does not exist"),
    ],
)
def test_bad_input_is_refused_with_the_way_out(given: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.load(given, {})
    assert message in str(refused.value)


def test_an_unknown_name_in_the_environment_is_refused_too() -> None:
    with pytest.raises(SettingsError, match="no setting 'scal'"):
        Settings.load({}, {"KAFKA_VALIDATION_SCAL": "1"})


@pytest.mark.parametrize(
    ("text", "size"), [("5GB", 5_000_000_000), ("512MiB", 536_870_912), ("7", 7), ("1.5k", 1500)]
)
def test_sizes(text: str, size: int) -> None:
    assert Bytes.parse(text) == size


def test_a_regression_can_t_be_wanted_without_something_to_compare_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("support.settings.checks.ACCEPTED_FIGURES", tmp_path / "figures.json")
    with pytest.raises(SettingsError, match="nothing to compare with"):
        Settings.load({"fail_on_regression": "yes"}, {})
    (tmp_path / "figures.json").write_text("{}")
    assert Settings.load({"fail_on_regression": "yes"}, {}).fail_on_regression
    with pytest.raises(SettingsError, match="scale"):
        Settings.load({"fail_on_regression": "yes", "scale": "0.5"}, {})


def test_a_password_is_not_recorded() -> None:
    settings = Settings.load({"database": "postgresql://me:se/cr:et@db:5432/app"})
    assert describe_settings(settings) == {"database": "postgresql://me:***@db:5432/app"}
    settings = Settings.load({"database": "postgresql://me:secret@db:5432/app"})
    assert describe_settings(settings) == {"database": "postgresql://me:***@db:5432/app"}


@pytest.mark.parametrize("key", ["connect", "kafka_ui"])
def test_a_login_is_taken_out_of_its_url_at_once(key: str) -> None:
    settings = load(**{key: "https://ops%40x:S3cret%2FPw@[::1]:8083/team-a/"})
    assert getattr(settings, key) == "https://[::1]:8083/team-a"
    assert getattr(settings, f"{key}_user") == "ops@x"
    assert getattr(settings, f"{key}_password") == "S3cret/Pw"
    assert "S3cret" not in f"{settings} {describe_settings(settings)}"
    assert describe_settings(settings) == {
        key: "https://[::1]:8083/team-a",
        f"{key}_user": "ops@x",
        f"{key}_password": "***",
    }


def test_settings_show_no_secret_as_text() -> None:
    settings = load(
        database="postgresql://me:S3cret@db/app",
        maven_mirror="http://me:S3cret@host",
        kafka_ui_password="S3cret",
        producer__sasl__password="S3cret",
    )
    assert "S3cret" not in f"{settings} {describe_settings(settings)}"


def test_a_login_comes_from_the_environment() -> None:
    environment = {"KAFKA_VALIDATION_CONNECT_USER": "a", "KAFKA_VALIDATION_CONNECT_PASSWORD": "b"}
    settings = Settings.load({"connect": "http://host:8083"}, environment)
    assert (settings.connect_user, settings.connect_password) == ("a", "b")
    settings = Settings.load({"connect": "http://a@host:8083"}, environment)
    assert (settings.connect_user, settings.connect_password) == ("a", "b")
    settings = Settings.load({"connect": "http://other@host:8083"}, environment)
    assert (settings.connect_user, settings.connect_password) == ("other", "")
    settings = Settings.load({"connect": "http://c:d@host:8083"}, environment)
    assert (settings.connect_user, settings.connect_password) == ("c", "d")


@pytest.mark.parametrize("password", [f"pa{character}SECRET" for character in "[]#/?"])
def test_a_password_that_is_not_encoded_is_refused_without_any_part_of_it(password: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(connect=f"http://ops:{password}@host:8083")
    message = str(refused.value)
    assert "percent-encoded" in message
    assert "SECRET" not in message
    assert "pa" not in message.replace("password", "").replace("part", "")
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    "url",
    [
        "host:8083",
        "ftp://host",
        "http://",
        "http://host:x",
        "http://host/?a=b",
        "http://host/#a",
        "http://a:8083,http://b:8083",
        "http://a:8083,b:8083",
    ],
)
def test_what_is_no_url_of_one_server_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="connect is not the URL of one server") as refused:
        load(connect=url)
    assert (url in str(refused.value)) is not ("?" in url or "#" in url)


@pytest.mark.parametrize("key", ["connect", "kafka_ui", "kafka_metrics"])
@pytest.mark.parametrize(
    "url",
    [
        "https://u:p#SECRET",
        "http://ops:pa/SECRET@h/metrics",
        "http://ops:p[SECRET@h/metrics",
        "http://ops:p?SECRET@h/metrics",
        "http://h:port/metrics?token=SECRET",
        "h/metrics?token=SECRET",
    ],
)
def test_an_address_that_is_refused_is_not_quoted_if_it_may_be_a_secret(key: str, url: str) -> None:
    with pytest.raises(SettingsError, match=f"{key} is not the URL") as refused:
        load(**{key: url})
    assert "SECRET" not in str(refused.value)


@pytest.mark.parametrize("key", ["connect", "kafka_ui"])
def test_a_query_is_refused_and_not_quoted(key: str) -> None:
    with pytest.raises(SettingsError, match="without") as refused:
        load(**{key: "https://h/c?apikey=SECRET"})
    assert "SECRET" not in str(refused.value)


def test_the_query_and_the_login_of_a_metrics_page_are_not_recorded() -> None:
    url = "https://ops:S3cret@h:7071/metrics?token=S3cret"
    settings = load(kafka_metrics=url)
    assert settings.kafka_metrics == url
    assert describe_settings(settings) == {"kafka_metrics": "https://h:7071/metrics"}
    assert "S3cret" not in str(settings)


def test_children_do_not_get_the_secrets_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("KAFKA_VALIDATION_DATABASE", "PGPASSWORD", "Vault_Token", "MY_SECRET_2"):
        monkeypatch.setenv(name, "S3cretPw")
    assert "S3cretPw" not in str(environment_for_children({"EXTRA": "1"}))
    assert environment_for_children({"EXTRA": "1"})["EXTRA"] == "1"


def test_the_table_explains_every_setting_once() -> None:
    explained = [key for row in ROWS for key in row.keys]
    fields = [each.name for each in dataclasses.fields(Settings) if each.name != "overrides"]
    assert sorted(explained) == sorted(fields)


def test_the_readme_has_this_table() -> None:
    """If it fails: put what `python -m support.settings` prints into README.md."""
    assert settings_table() in (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    "key",
    ["client_config", "worker_config", "connect_ca", "stack", "cache", "reports", "kafka_ui_jar"],
)
@pytest.mark.parametrize("path", ["~nosuchuser/x", "a\0b"])
def test_a_path_that_no_host_has_gets_one_message(key: str, path: str) -> None:
    with pytest.raises(SettingsError, match=f"The setting {key} is not a path"):
        load(target="attach", **{key: path})


def test_a_user_without_a_home_folder_gets_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", fail)
    with pytest.raises(SettingsError, match="The setting cache is not a path"):
        load()
