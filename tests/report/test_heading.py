"""The beginning of a document names what was tested."""

from __future__ import annotations

import dataclasses

import pytest

from support.report.heading import about
from tests.results.examples import RUN


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        ({"kafka": "4.1", "debezium": "3.2.0.Final"}, "Kafka 4.1 and Debezium 3.2.0.Final,"),
        ({"kafka": "3.6"}, "Kafka 3.6 and Debezium of a version that is not known,"),
        ({"found 1": "a line"}, "Kafka of a version that is not known and Debezium of"),
    ],
)
def test_the_heading_states_the_versions_that_were_found(
    versions: dict[str, str], words: str
) -> None:
    provenance = dataclasses.replace(RUN.provenance, versions=versions)
    assert f"Tested: {words}" in about(dataclasses.replace(RUN, provenance=provenance))
