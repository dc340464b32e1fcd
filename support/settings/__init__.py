"""The settings of a run: `-D key=value`, else the environment, else a default.

`-D scale=0.1` and KAFKA_VALIDATION_SCALE=0.1 mean the same. A key with the prefix `broker.`,
`topic.`, `connector.`, `worker.`, `producer.` or `consumer.` overrides one line of `baseline/`.
"""

from support.settings.environment import environment_for_children
from support.settings.model import Settings
from support.settings.overrides import PARTS
from support.settings.places import ACCEPTED_FIGURES, ROOT
from support.settings.values import Bytes

__all__ = ["ACCEPTED_FIGURES", "PARTS", "ROOT", "Bytes", "Settings", "environment_for_children"]
