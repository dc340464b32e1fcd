"""Another version gets a copy of the data; what was there before stays until it is not needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.errors import Inconclusive
from support.stack.embedded.broker import BrokerSite, EmbeddedBroker
from support.stack.embedded.connect import EmbeddedConnect
from support.stack.embedded.jvm import Jvm


def jvm(name: str) -> Jvm:
    return Jvm(Path("/java"), (Path(f"/{name}.jar"),), Path("/jolokia.jar"))


@pytest.fixture
def broker(tmp_path: Path) -> EmbeddedBroker:
    folder = tmp_path / "broker"
    made = EmbeddedBroker(BrokerSite("broker", folder, 1, 2, "1g"), jvm("before"), {}, tmp_path)
    made.data.mkdir(parents=True)
    (made.data / "records").write_text("a")
    return made


def config(broker: EmbeddedBroker) -> str:
    return (broker.site.folder / "server.properties").read_text()


def test_the_next_start_uses_the_other_jars_and_a_copy_of_the_data(broker: EmbeddedBroker) -> None:
    before = broker.data
    broker.switch(jvm("after"))
    (broker.data / "records").write_text("ab")
    assert (before / "records").read_text() == "a"
    assert "/after.jar" in broker.process.recipe.command
    assert f"log.dirs={broker.data.name}" in config(broker)
    assert broker.data.parent == broker.site.folder


def test_a_switch_can_be_undone_once(broker: EmbeddedBroker) -> None:
    before = broker.data
    broker.switch(jvm("after"))
    copy = broker.data
    broker.switch_back()
    assert broker.data == before
    assert "/before.jar" in broker.process.recipe.command
    assert not copy.exists()
    with pytest.raises(Inconclusive):
        broker.switch_back()


def test_only_the_data_from_before_the_last_switch_is_kept(broker: EmbeddedBroker) -> None:
    first = broker.data
    broker.switch(jvm("after"))
    second = broker.data
    broker.switch(jvm("before"))
    assert not first.exists()
    assert second.exists()
    assert (broker.data / "records").read_text() == "a"
    assert len({first, second, broker.data}) == 3


def test_everything_is_removed_with_the_broker(broker: EmbeddedBroker) -> None:
    broker.switch(jvm("after"))
    broker.close()
    assert not broker.site.folder.exists()


def test_a_worker_gets_other_jars_and_other_plugins(tmp_path: Path) -> None:
    folder = tmp_path / "connect"
    folder.mkdir()
    worker = EmbeddedConnect(folder, 1, "1g", jvm("before"), Path("/old"), tmp_path)
    worker.switch(jvm("after"), Path("/new"))
    assert "plugin.path=/new" in (folder / "worker.properties").read_text()
    assert "/after.jar" in worker.process.recipe.command
