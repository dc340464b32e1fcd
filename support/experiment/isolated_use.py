"""An isolated stack for one scenario: started, its logs copied, ended."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from support.metrics.log_lines import logged
from support.record.notes import LOG_LINES
from support.record.record import Record
from support.stack.capabilities import needed
from support.stack.isolated import IsolatedShape
from support.stack.isolated_stack import IsolatedStack, IsolatedStacks
from support.stack.lifecycle import Stack


@contextmanager
def isolated_stack(stack: Stack, shape: IsolatedShape, record: Record) -> Iterator[IsolatedStack]:
    """Starts an isolated stack of `shape` for the time of the `with`, and records its log lines.

    Raises Unavailable where this target or this machine can't provide that shape.
    """
    isolated = needed(stack, IsolatedStacks).isolated_stack(shape)
    try:
        yield isolated
    finally:
        try:
            _keep_logs(isolated, record)
        finally:
            isolated.close()


def _keep_logs(isolated: IsolatedStack, record: Record) -> None:
    record.write(LOG_LINES, logged(isolated.logs(), {}))
    for name, path in isolated.logs().items():
        if path.is_file():
            shutil.copy(path, record.folder / f"{name}.log")
