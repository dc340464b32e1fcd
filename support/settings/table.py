"""The meaning of each setting, as the table of settings in README.md."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from support.settings.model import Settings


@dataclass(frozen=True)
class Row:
    """Settings that belong together. `shown`: their defaults, if these are not the values."""

    keys: tuple[str, ...]
    meaning: str
    shown: str | None = None


ROWS = (
    Row(("stack",), "a file with settings, in TOML: see `docs/stack.example.toml`", ""),
    Row(("target",), "or `compose`, `attach`: see above"),
    Row(
        ("kafka_image", "connect_image", "postgres_image", "kafka_ui_image"),
        "images (compose)",
        "those of `docker-compose.yml`",
    ),
    Row(("bootstrap", "connect"), "where the stack is (attach)"),
    Row(
        ("database",),
        "the database as psql gets it: a URI or a connection string of libpq (attach)",
    ),
    Row(
        ("client_config",),
        "file with the TLS and SASL settings of Kafka's clients, as for `kcat -F` or "
        "`--command-config` (attach)",
        "none",
    ),
    Row(
        ("connect_user", "connect_password"),
        "login for Kafka Connect; also in its URL or in `~/.netrc` (attach)",
    ),
    Row(
        ("worker_config",),
        "file with the settings of the Kafka Connect worker, which does not report them (attach)",
        "none",
    ),
    Row(
        ("connect_ca", "kafka_ui_ca"),
        "PEM file with the CA of a server with `https`; by default `REQUESTS_CA_BUNDLE` or "
        "`SSL_CERT_FILE`",
        "",
    ),
    Row(
        ("connect_database",),
        "`HOST:PORT` of the database for Kafka Connect, if it differs from yours (attach)",
    ),
    Row(
        ("kafka_container", "connect_container", "postgres_container"),
        "containers that are measured (attach)",
    ),
    Row(
        ("kafka_metrics",),
        "URL of the broker's Jolokia agent or of its Prometheus endpoint (jmx_exporter), from "
        "which its resources are read (attach)",
    ),
    Row(("allow_destructive",), "the named containers may also be broken (attach)"),
    Row(
        ("team_connector",),
        "the one connector to judge and to audit; by default every PostgreSQL connector of the "
        "database",
    ),
    Row(("read_only",), "only run what writes nothing at all: the audit (attach)"),
    Row(("scale",), "factor on durations and counts; below 1 it is not an acceptance result"),
    Row(("seed",), "seed of the payloads"),
    Row(
        ("payloads",),
        "`sampled`: the load has the sizes and the compressibility of the last 5,000 events of the "
        "CDC topics, instead of envelopes of 1 to 10 KB",
    ),
    Row(("repeat",), "how often each scenario is run; `delivery.md` then states the spread"),
    Row(
        ("commit_first",),
        "let the test consumer commit before it processes, to see the checks fail",
    ),
    Row(
        ("kafka_version", "debezium_version"),
        "a version with a lock file in `support/stack/artefacts/locks` (embedded); see Versions",
    ),
    Row(("postgres_version",), "`16` or `18` (embedded)"),
    Row(
        ("kafka_to", "debezium_to"),
        "the versions after an upgrade; `make upgrade-check` sets them (embedded)",
        "none",
    ),
    Row(
        ("allow_broken_pair",),
        "start versions of Kafka and Debezium that are known not to work together, to see what is "
        "lost (embedded)",
    ),
    Row(("kafka_heap", "connect_heap"), "`-Xmx`"),
    Row(
        ("kafka_ui",),
        "URL of a Kafka UI that shows this stack's cluster: its lag is compared with Kafka's",
    ),
    Row(("kafka_ui_user", "kafka_ui_password"), "login for that Kafka UI, as for Connect"),
    Row(
        ("kafka_ui_jar", "kafka_ui_port"),
        "Kafka UI's runnable jar (for Java 21 or older), which the embedded stack runs on that "
        "port; without a Kafka UI its scenario is SKIPPED",
        "none, 8081",
    ),
    Row(
        ("kafka_port", "controller_port", "jmx_port", "connect_port", "postgres_port"),
        "a free port is used if the usual one is taken; one that you set must be free",
        "9092, 9093, 8778, 8083, 5432",
    ),
    Row(("maven_mirror",), "a Maven repository to use instead of the public one"),
    Row(("cache",), "downloads, shared by all clones"),
    Row(("reports",), "where each run creates its folder", "`reports`"),
    Row(
        ("min_free_disk", "stop_free_disk"),
        "with less free disk space a run does not start, or the load is stopped",
        "5GB, 2GB",
    ),
    Row(
        ("fail_on_regression",),
        "a figure that is worse than the accepted one makes the run red; a scenario that no longer "
        "gives a figure (SKIPPED) makes it INCONCLUSIVE",
    ),
    Row(("strict",), "a deviation from the specification is a failure"),
    Row(
        ("patience",),
        "factor on how long a scenario waits, for slow machines; limits stay as they are, and a "
        "wait that ends in a verdict is never shorter",
    ),
)


def settings_table() -> str:
    """The table in Markdown."""
    lines = ["| key | default | |", "|---|---|---|"]
    for row in ROWS:
        keys = ", ".join(f"`{key}`" for key in row.keys)
        lines.append(f"| {keys} | {_defaults(row)} | {row.meaning} |")
    return "\n".join(lines) + "\n"


def _defaults(row: Row) -> str:
    if row.shown is not None:
        return row.shown
    values = {each.name: each.default for each in dataclasses.fields(Settings)}
    return ", ".join(each for each in (_words(values[key]) for key in row.keys) if each)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return f"`{value}`" if value and isinstance(value, str | Path) else str(value)
