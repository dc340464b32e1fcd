"""The settings of a run: `-D key=value`, else the environment, else the default given here.

The only module that reads the environment. `-D scale=0.1` and KAFKA_VALIDATION_SCALE=0.1
say the same. Keys of the form `broker.KEY` (topic., connector., worker., producer., consumer.)
are overrides of one line of `baseline/` and are kept apart.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import re
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
ACCEPTED_FIGURES = ROOT / "baseline" / "figures.json"
"""What `make accept-baseline` writes (support/report/compare.py)."""
PREFIX = "KAFKA_VALIDATION_"
PARTS = ("broker", "topic", "connector", "worker", "producer", "consumer")
TARGETS = ("embedded", "compose", "attach")
_UNITS = {
    "": 1,
    "b": 1,
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "k": 1000,
    "m": 1000**2,
    "g": 1000**3,
    "kib": 1024,
    "mib": 1024**2,
    "gib": 1024**3,
}

HEAP = re.compile(r"[1-9]\d*[kKmMgG]?")


class Bytes(int):
    """A size in bytes, written `5GB`, `512MiB` or a plain number."""

    @classmethod
    def parse(cls, text: str) -> Bytes:
        number = text.strip().rstrip("bBkKmMgGiI")
        unit = text.strip()[len(number) :].lower()
        size = int(float(number) * _UNITS[unit])
        if size < 0:
            raise ValueError(text)
        return cls(size)


def _describe(text: str) -> Any:
    return field(default=None, metadata={"help": text})


@dataclass(frozen=True)
class Settings:
    """Everything a user can set; `overrides` maps a part of the baseline to its changed keys."""

    target: str = field(default="embedded", metadata={"help": "where the stack runs"})
    scale: float = field(default=1.0, metadata={"help": "factor on durations and counts"})
    seed: int = field(default=1, metadata={"help": "seed of the payloads"})
    kafka_version: str = field(default="3.6.1", metadata={"help": "names a lock file"})
    debezium_version: str = field(default="2.5.4.Final", metadata={"help": "names a lock file"})
    kafka_heap: str = field(default="1g", metadata={"help": "-Xmx of the broker"})
    connect_heap: str = field(default="768m", metadata={"help": "-Xmx of Kafka Connect"})
    kafka_port: int | None = _describe("broker port; unset: 9092, or a free one when taken")
    controller_port: int | None = _describe("controller port; unset: 9093, or a free one")
    jmx_port: int | None = _describe("the broker's JMX over HTTP; unset: 8778, or a free one")
    connect_port: int | None = _describe("Connect's REST port; unset: 8083, or a free one")
    postgres_port: int | None = _describe("PostgreSQL's port; unset: 5432, or a free one")
    kafka_ui_port: int | None = _describe("port of kafka_ui_jar; unset: 8081, or a free one")
    kafka_image: str = field(default="", metadata={"help": "image of the broker (compose)"})
    connect_image: str = field(default="", metadata={"help": "image of Connect (compose)"})
    postgres_image: str = field(default="", metadata={"help": "image of PostgreSQL (compose)"})
    kafka_ui_image: str = field(default="", metadata={"help": "image of Kafka UI (compose)"})
    bootstrap: str = field(default="", metadata={"help": "HOST:PORT of the broker (attach)"})
    connect: str = field(default="", metadata={"help": "URL of Kafka Connect (attach)"})
    database: str = field(
        default="", metadata={"help": "postgresql://USER:PASSWORD@HOST:PORT/NAME (attach)"}
    )
    connect_database: str = field(
        default="", metadata={"help": "HOST:PORT of the database as Connect reaches it (attach)"}
    )
    kafka_container: str = field(default="", metadata={"help": "container of the broker (attach)"})
    connect_container: str = field(default="", metadata={"help": "container of Connect (attach)"})
    postgres_container: str = field(
        default="", metadata={"help": "container of PostgreSQL (attach)"}
    )
    allow_destructive: bool = field(
        default=False, metadata={"help": "the containers that are named may be broken (attach)"}
    )
    kafka_ui: str = field(default="", metadata={"help": "URL of a Kafka UI of this cluster"})
    kafka_ui_jar: Path | None = field(
        default=None, metadata={"help": "jar of Kafka UI, to be run beside the stack"}
    )
    maven_mirror: str = field(default="", metadata={"help": "URL of a Maven repository to use"})
    cache: Path = field(
        default=Path("~/.cache/kafka-validation"), metadata={"help": "folder of the downloads"}
    )
    reports: Path = field(
        default=ROOT / "reports", metadata={"help": "folder in which each run makes its own"}
    )
    min_free_disk: Bytes = field(
        default=Bytes(5 * 1000**3), metadata={"help": "refuse to start with less space free"}
    )
    stop_free_disk: Bytes = field(
        default=Bytes(2 * 1000**3), metadata={"help": "stop the load with less space free"}
    )
    repeat: int = field(default=1, metadata={"help": "how often each scenario is run"})
    strict: bool = field(
        default=False, metadata={"help": "a deviation from the specification makes a run red"}
    )
    commit_first: bool = field(
        default=False,
        metadata={"help": "let the test consumer commit before it processes (loses in a crash)"},
    )
    fail_on_regression: bool = field(
        default=False, metadata={"help": "figures worse than baseline/figures.json make a run red"}
    )
    patience: float = field(default=1.0, metadata={"help": "factor on every waiting time"})
    overrides: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def port(self, name: str) -> int | None:
        """The port that the user asked for; None where the run chooses, or nothing can be set."""
        port: int | None = getattr(self, f"{name}_port", None)
        return port

    @property
    def home(self) -> Path:
        """The folder of everything the embedded stack writes: data, logs, process records."""
        return ROOT / ".stack"

    @classmethod
    def load(
        cls, given: Mapping[str, str], environment: Mapping[str, str] | None = None
    ) -> Settings:
        """Settings from `-D` pairs and environment.

        Raises SettingsError for an unknown key (with the nearest known one), a value of the
        wrong type, an unknown target or an impossible number.
        """
        env = os.environ if environment is None else environment
        named: dict[str, str] = {}
        for key, value in env.items():
            if key.startswith(PREFIX):
                named[key[len(PREFIX) :].lower()] = value
        overrides: dict[str, dict[str, str]] = {}
        for key, value in given.items():
            part, dot, name = key.partition(".")
            if dot and part in PARTS and name:
                overrides.setdefault(part, {})[name] = value
            elif part != "AllureFormatter":
                named[key] = value
        fields = {f.name: f for f in dataclasses.fields(cls) if f.name != "overrides"}
        hints = typing.get_type_hints(cls)
        values: dict[str, Any] = {}
        for key, text in named.items():
            if key not in fields:
                raise _unknown(key, list(fields))
            values[key] = _convert(key, text, hints[key])
        settings = cls(**values, overrides=overrides)
        settings._check()
        # Others read these paths from where they work.
        return dataclasses.replace(
            settings,
            cache=settings.cache.expanduser().absolute(),
            reports=settings.reports.expanduser().absolute(),
        )

    def _check(self) -> None:
        if self.target not in TARGETS:
            near = difflib.get_close_matches(self.target, TARGETS, 1)
            raise SettingsError(
                f"There is no target '{self.target}'.",
                wanted=" or ".join(TARGETS),
                then=f"leave -D target out, or use -D target={near[0] if near else TARGETS[0]}",
            )
        for key in ("scale", "patience"):
            if not 0 < getattr(self, key) <= 100:
                raise SettingsError(
                    f"The setting {key} must be above 0 and at most 100.",
                    seen=str(getattr(self, key)),
                    then=f"for a short look use -D {key}=0.1",
                )
        if self.fail_on_regression and (self.scale < 1 or not ACCEPTED_FIGURES.is_file()):
            raise SettingsError(
                "fail_on_regression has nothing to compare with.",
                seen=f"scale {self.scale:g}" if self.scale < 1 else f"no {ACCEPTED_FIGURES}",
                then="run at scale 1, after make accept-baseline",
            )
        self._check_heaps()
        if not 1 <= self.repeat <= 100:
            raise SettingsError(
                "The setting repeat must be 1 to 100.", seen=str(self.repeat), then="-D repeat=5"
            )
        if self.kafka_ui_jar is not None and not self.kafka_ui_jar.expanduser().is_file():
            raise SettingsError(
                "The file of kafka_ui_jar is not there.",
                seen=str(self.kafka_ui_jar),
                then="give the path of Kafka UI's runnable jar, or leave -D kafka_ui_jar out",
            )
        for key in (f.name for f in dataclasses.fields(self) if f.name.endswith("_port")):
            port = getattr(self, key)
            if port is not None and not 1 <= port <= 65535:
                raise SettingsError(
                    f"The setting {key} must be a TCP port.", seen=str(port), wanted="1 to 65535"
                )

    def _check_heaps(self) -> None:
        for key in ("kafka_heap", "connect_heap"):
            if not HEAP.fullmatch(getattr(self, key)):
                raise SettingsError(
                    f"The setting {key} must be a size as Java's -Xmx takes it.",
                    seen=getattr(self, key),
                    then=f"-D {key}=1g",
                )


def _unknown(key: str, known: list[str]) -> SettingsError:
    part, dot, _ = key.partition(".")
    names = [f"{p}.KEY" for p in PARTS] if dot else known
    near = difflib.get_close_matches(key, known, 1, 0.5) or [
        f"{p}.{key[len(part) + 1 :]}" for p in difflib.get_close_matches(part, PARTS, 1, 0.5) if dot
    ]
    return SettingsError(
        f"There is no setting '{key}'.",
        wanted=", ".join(names),
        then=f"did you mean -D {near[0]}=...?" if near else "see `make help`",
    )


def _convert(key: str, text: str, hint: Any) -> Any:
    kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)] or [hint]
    kind = kinds[0]
    parse: Callable[[str], Any] = {Bytes: Bytes.parse, bool: _yes_or_no}.get(kind, kind)
    try:
        return parse(text)
    except (ValueError, KeyError, OverflowError):
        wanted = {
            int: "a whole number",
            float: "a number",
            Bytes: "a size such as 5GB",
            bool: "yes or no",
        }
        raise SettingsError(
            f"The setting {key} has the wrong type.",
            seen=repr(text),
            wanted=wanted.get(kind, kind.__name__),
            then=f"give it as -D {key}=VALUE or {PREFIX}{key.upper()}=VALUE",
        ) from None


def _yes_or_no(text: str) -> bool:
    return {"yes": True, "no": False}[text.strip().lower()]


ONE_LOCALE = {"LC_ALL": "C.UTF-8"}
"""UTF-8, because the path of the clone may have any character."""

UNWANTED = (
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "CLASSPATH",
    "LANGUAGE",
    "LANG",
)


def environment_for_children(extra: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with `extra`, and without what would change a JVM's behaviour.

    One locale for all, whatever the user's is: what programs of others print is read by us.
    """
    kept = {key: value for key, value in os.environ.items() if key not in UNWANTED}
    return kept | ONE_LOCALE | dict(extra)
