"""Every target has each capability, or says why not and what would add it."""

from __future__ import annotations

import inspect
import io
from types import SimpleNamespace
from typing import Any

import pytest

from support import stack as package
from support.errors import Unavailable
from support.progress import Progress
from support.settings import ROOT, Settings
from support.stack.attached.lacks import LACKS
from support.stack.capabilities import ProcessControl, in_words, needed
from support.stack.capability_table import CAPABILITIES, TARGETS, Target, capability_table
from support.stack.embedded.stack import EmbeddedStack
from support.stack.isolated_stack import IsolatedStack
from support.stack.network import NetworkMembership

OF_ISOLATED_STACKS = {"ControllerControl", "DiskControl", "UpgradeControl"}
OF_A_BROKER = {"ClusterMember"}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda capability: capability.__name__)
def test_a_target_has_a_capability_or_says_why_not(target: Target, capability: type[Any]) -> None:
    lack = target.lack(capability)
    if lack is None:
        assert capability not in target.least.lacks
        return
    assert lack.cause
    assert bool(lack.then) == issubclass(target.most, capability)


def test_no_capability_is_missing_in_the_table() -> None:
    """Every protocol of support/stack/ that can be asked for at run time."""
    found = set()
    for path in (ROOT / "support" / "stack").glob("*.py"):
        module = __import__(f"{package.__name__}.{path.stem}", fromlist=["*"])
        for name, each in inspect.getmembers(module, inspect.isclass):
            if getattr(each, "_is_runtime_protocol", False) and each.__module__ == module.__name__:
                found.add(name)
    listed = {each.__name__ for each in CAPABILITIES}
    assert found - listed == {*OF_ISOLATED_STACKS, *OF_A_BROKER, "LocalStack"}


def test_an_isolated_stack_can_lose_its_controller_and_fill_its_disk() -> None:
    for name in ("broker", "controller", "disk", "connect_worker", "database_server", "logs"):
        assert hasattr(IsolatedStack, name)


def test_what_is_lacking_is_named_with_the_reason_and_the_remedy() -> None:
    attached: Any = SimpleNamespace(name="attach", lacks=LACKS)
    with pytest.raises(Unavailable) as refused:
        needed(attached, ProcessControl)
    message = str(refused.value)
    assert in_words(ProcessControl) in message
    assert "-D allow_destructive=yes" in message
    embedded = EmbeddedStack(Settings.load({}, {}), Progress(io.StringIO()))
    assert needed(embedded, ProcessControl) is embedded
    with pytest.raises(Unavailable, match="a process of this host"):
        needed(embedded, NetworkMembership)


def test_the_readme_has_this_table() -> None:
    """If it fails: put what `python -m support.stack capabilities` prints into README.md."""
    assert capability_table() in (ROOT / "README.md").read_text()
