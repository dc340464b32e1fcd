"""Every setting of a run, with its default. What each one means: see table.py."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from support.settings import checks
from support.settings.loading import read_values
from support.settings.places import ROOT
from support.settings.urls import without_logins
from support.settings.values import Bytes, Secret, path_of
from support.settings.versions import check_ignored, check_postgres, debezium_release

VERSIONS = (
    "kafka_version",
    "debezium_version",
    "postgres_version",
    "kafka_to",
    "debezium_to",
    "allow_broken_pair",
)
"""Settings that only the embedded stack can follow."""
FIVE_GB, TWO_GB = Bytes(5 * 1000**3), Bytes(2 * 1000**3)
NO_SECRET = Secret()


@dataclass(frozen=True)
class Settings:
    """Everything that a user can set; `overrides` maps a part of the baseline to changed keys."""

    stack: Path | None = None
    target: str = "embedded"
    kafka_image: str = ""
    connect_image: str = ""
    postgres_image: str = ""
    kafka_ui_image: str = ""
    bootstrap: str = ""
    client_config: Path | None = None
    connect: str = ""
    connect_user: str = ""
    connect_password: Secret = NO_SECRET
    connect_ca: Path | None = None
    worker_config: Path | None = None
    database: str = field(default="", repr=False)
    connect_database: str = ""
    kafka_container: str = ""
    connect_container: str = ""
    postgres_container: str = ""
    kafka_metrics: str = field(default="", repr=False)
    allow_destructive: bool = False
    team_connector: str = ""
    read_only: bool = False
    scale: float = 1.0
    seed: int = 1
    payloads: str = "generated"
    repeat: int = 1
    commit_first: bool = False
    kafka_version: str = "3.6.1"
    debezium_version: str = "2.5.4.Final"
    postgres_version: str = "16"
    kafka_to: str = ""
    debezium_to: str = ""
    allow_broken_pair: bool = False
    kafka_heap: str = "1g"
    connect_heap: str = "768m"
    kafka_ui: str = ""
    kafka_ui_user: str = ""
    kafka_ui_password: Secret = NO_SECRET
    kafka_ui_ca: Path | None = None
    kafka_ui_jar: Path | None = None
    kafka_ui_port: int | None = None
    kafka_port: int | None = None
    controller_port: int | None = None
    jmx_port: int | None = None
    connect_port: int | None = None
    postgres_port: int | None = None
    maven_mirror: str = field(default="", repr=False)
    cache: Path = Path("~/.cache/kafka-validation")
    reports: Path = ROOT / "reports"
    min_free_disk: Bytes = FIVE_GB
    stop_free_disk: Bytes = TWO_GB
    fail_on_regression: bool = False
    strict: bool = False
    patience: float = 1.0
    overrides: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    def port(self, name: str) -> int | None:
        """The port that the user asks for; None if the suite chooses it."""
        port: int | None = getattr(self, f"{name}_port", None)
        return port

    @property
    def home(self) -> Path:
        """The folder of everything that a stack writes: data, logs, process records."""
        return ROOT / ".stack"

    @classmethod
    def load(
        cls, given: Mapping[str, str], environment: Mapping[str, str] | None = None
    ) -> Settings:
        """Settings from `-D` pairs, the environment (by default that of this process) and the
        stack file that one of them names.

        Raises SettingsError for an unknown key (with the nearest known one), a value of the
        wrong type, an unknown target or an impossible number.
        """
        settings = cls(**without_logins(read_values(cls, given, environment)))
        settings._check()
        # Other programs, with other working folders, read the paths.
        return dataclasses.replace(
            settings,
            stack=settings.stack and settings.stack.absolute(),
            cache=path_of(str(settings.cache), "The setting cache").absolute(),
            reports=settings.reports.absolute(),
            client_config=settings.client_config and settings.client_config.absolute(),
            worker_config=settings.worker_config and settings.worker_config.absolute(),
            debezium_version=debezium_release(settings.debezium_version),
            debezium_to=debezium_release(settings.debezium_to),
        )

    def _check(self) -> None:
        checks.check_target(self.target)
        checks.check_factor("scale", self.scale)
        checks.check_factor("patience", self.patience)
        if self.fail_on_regression:
            checks.check_comparison(self.scale)
        checks.check_heap("kafka_heap", self.kafka_heap)
        checks.check_heap("connect_heap", self.connect_heap)
        checks.check_repeat(self.repeat)
        checks.check_payloads(self.payloads)
        checks.check_of_others("client_config", self.client_config, self.target)
        checks.check_of_others("worker_config", self.worker_config, self.target)
        checks.check_file("kafka_ui_jar", self.kafka_ui_jar, "Kafka UI's runnable jar")
        checks.check_file("connect_ca", self.connect_ca, "a PEM file with certificates of CAs")
        checks.check_file("kafka_ui_ca", self.kafka_ui_ca, "a PEM file with certificates of CAs")
        check_postgres(self.postgres_version)
        check_ignored(
            self.target, {key: getattr(self, key) != getattr(Settings, key) for key in VERSIONS}
        )
        for key in (f.name for f in dataclasses.fields(self) if f.name.endswith("_port")):
            checks.check_port(key, getattr(self, key))
