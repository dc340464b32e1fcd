"""Downloads the artefacts of a lock to the cache in parallel, and verifies every file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import requests
from jgo.maven import MavenContext

from support.errors import StackError
from support.interruption import check
from support.progress import Progress
from support.settings.urls import login_in
from support.stack.artefacts.lockfile import Artefact, Lock, sha256_of
from support.stack.artefacts.unpacking import unpack_archive

THREADS = 8
ATTEMPTS = 3
STALE = timedelta(hours=1)


def fetch(lock: Lock, cache: Path, mirror: str, progress: Progress) -> list[Path]:
    """The verified files of `lock`. Missing and damaged ones are downloaded.

    If one fails, the files that have arrived stay: the next call downloads only the others. Raises
    StackError with the artefact, the wanted checksum and the seen one.
    """
    store = cache / "artefacts"
    store.mkdir(parents=True, exist_ok=True)
    _remove_stale(store)
    missing = [a for a in lock.artefacts if not _is_whole(store / a.file_name, a)]
    if missing:
        total = sum(a.size for a in missing)
        source = mirror.replace(login_in(mirror), "") or "the public Maven repository"
        progress.say(
            f"downloading {lock.part}: {len(missing)} files, {total / 1e6:.0f} MB, from {source}"
        )
        _fetch_all(missing, store, mirror, progress)
    return [store / a.file_name for a in lock.artefacts]


def _fetch_all(missing: Sequence[Artefact], store: Path, mirror: str, progress: Progress) -> None:
    total = sum(a.size for a in missing)
    with _cancelled_with_us() as pool:
        jobs = {pool.submit(_fetch_one, a, store, mirror): a for a in missing}
        waiting = set(jobs)
        while waiting:
            check()
            done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_EXCEPTION)
            failed = next((job for job in done if job.exception()), None)
            if failed:
                failed.result()
            here = [a for job, a in jobs.items() if job.done()]
            progress.update(
                f"{len(here)} of {len(missing)} files, "
                f"{sum(a.size for a in here) / 1e6:.0f} of {total / 1e6:.0f} MB"
            )


@contextmanager
def _cancelled_with_us() -> Iterator[ThreadPoolExecutor]:
    """A pool whose waiting jobs are dropped on an error or an interruption."""
    pool = ThreadPoolExecutor(THREADS)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _remove_stale(store: Path) -> None:
    """Removes the staging folders of killed downloads. Those of active ones are younger."""
    for staging in store.glob(".incoming-*"):
        if datetime.now().timestamp() - staging.stat().st_mtime > STALE.total_seconds():
            shutil.rmtree(staging, ignore_errors=True)


def _fetch_one(artefact: Artefact, store: Path, mirror: str) -> None:
    trouble = ""
    for _ in range(ATTEMPTS):
        with tempfile.TemporaryDirectory(prefix=".incoming-", dir=store) as staging:
            try:
                path = _download(artefact, Path(staging), mirror)
            except (requests.RequestException, RuntimeError, OSError) as error:
                trouble = str(error).replace(login_in(mirror), "")
                continue
            seen = sha256_of(path)
            if seen == artefact.sha256:
                path.replace(store / artefact.file_name)
                return
            trouble = f"sha256 {seen}, {path.stat().st_size} bytes"
    damaged = trouble.startswith("sha256")
    raise StackError(
        f"The artefact {artefact.coordinates} could not be downloaded.",
        seen=trouble[:300],
        wanted=f"sha256 {artefact.sha256}, {artefact.size} bytes",
        cause="the repository (or a proxy on the way) serves another file than the one locked"
        if damaged
        else "the Maven repository can't be reached from here",
        then="check the network, or name a repository with -D maven_mirror=URL, and run the "
        "same command again: files that have arrived are not downloaded again",
    )


def _download(artefact: Artefact, staging: Path, mirror: str) -> Path:
    context = MavenContext(
        repo_cache=staging,
        local_repos=[],
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
    )
    component = context.project(artefact.group, artefact.name).at_version(artefact.version)
    return Path(component.artifact(artefact.classifier, artefact.type).resolve())


def _is_whole(path: Path, artefact: Artefact) -> bool:
    return (
        path.is_file()
        and path.stat().st_size == artefact.size
        and sha256_of(path) == artefact.sha256
    )


def unpack(lock: Lock, archive: Path, cache: Path) -> Path:
    """The folder with the content of the archive, which is unpacked once.

    The folder is complete or does not exist.
    """
    folder = cache / "plugins" / f"{lock.part}-{lock.digest}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=folder.parent))
    unpack_archive(archive, staging)
    try:
        staging.chmod(0o755)
        staging.rename(folder)
    except OSError:
        shutil.rmtree(staging)
        if not folder.is_dir():
            raise
    return folder
