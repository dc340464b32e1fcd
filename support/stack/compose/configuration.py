"""The variables and files of docker-compose.yml: baseline, ports, images and memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from support.baseline import Baseline
from support.java_properties import write_properties
from support.settings import Bytes, Settings

AGENT = "/validation/jolokia.jar"
JMX_PORT = 8778


def write_baseline(baseline: Baseline, folder: Path) -> None:
    """Writes the two files that are mounted into the containers."""
    folder.mkdir(parents=True, exist_ok=True)
    write_properties(folder / "broker.properties", baseline.broker)
    write_properties(folder / "connect-worker.properties", baseline.worker)


def memory_for(heap: str) -> int:
    """The memory limit, in bytes, of a container whose JVM has this heap: twice as much."""
    return 2 * Bytes.parse(heap)


def limits(settings: Settings) -> dict[str, str]:
    """Memory limits of the containers whose heap the user changed; docker-compose.yml has the
    others."""
    chosen = {
        "KAFKA_MEMORY": (settings.kafka_heap, Settings.kafka_heap),
        "CONNECT_MEMORY": (settings.connect_heap, Settings.connect_heap),
    }
    return {name: str(memory_for(heap)) for name, (heap, usual) in chosen.items() if heap != usual}


def environment(
    settings: Settings, ports: Mapping[str, int], baseline: Path, agent: Path, password: str
) -> dict[str, str]:
    """The variables of docker-compose.yml. Images are left out unless the user names them."""
    images = {
        "KAFKA_IMAGE": settings.kafka_image,
        "CONNECT_IMAGE": settings.connect_image,
        "POSTGRES_IMAGE": settings.postgres_image,
        "KAFKA_UI_IMAGE": settings.kafka_ui_image,
    }
    return {
        **{f"{name.upper()}_PORT": str(port) for name, port in ports.items()},
        **{name: image for name, image in images.items() if image},
        "BASELINE": str(baseline),
        "JOLOKIA_JAR": str(agent),
        "BROKER_AGENT": f"-javaagent:{AGENT}=host=0.0.0.0,port={JMX_PORT},discoveryEnabled=false",
        "KAFKA_HEAP": settings.kafka_heap,
        "CONNECT_HEAP": settings.connect_heap,
        **limits(settings),
        "POSTGRES_PASSWORD": password,
    }
