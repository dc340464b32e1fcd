"""Excerpts from real logs of Kafka 3.6.1."""

from datetime import timedelta

PATIENCE = timedelta(seconds=20)

AFTER_CRASH = """\
[2026-11-24 22:38:52,841] INFO [BrokerLifecycleManager id=1] Incarnation uTWq of broker 1 is now STARTING. (BrokerLifecycleManager)
[2026-11-24 22:38:52,959] INFO [BrokerLifecycleManager id=1] Unable to register broker 1 because the controller returned error DUPLICATE_BROKER_REGISTRATION (BrokerLifecycleManager)
[2026-11-24 22:38:59,234] INFO [BrokerLifecycleManager id=1] Unable to register broker 1 because the controller returned error DUPLICATE_BROKER_REGISTRATION (BrokerLifecycleManager)
	broker.session.timeout.ms = 9000
[2026-11-24 22:39:05,706] INFO [BrokerLifecycleManager id=1] Successfully registered broker 1 with broker epoch 47 (BrokerLifecycleManager)
"""  # noqa: E501

CLEAN = """\
[2026-11-24 22:38:52,841] INFO [BrokerLifecycleManager id=1] Incarnation uTWq of broker 1 is now STARTING. (BrokerLifecycleManager)
[2026-11-24 22:38:53,706] INFO [BrokerLifecycleManager id=1] Successfully registered broker 1 with broker epoch 47 (BrokerLifecycleManager)
"""  # noqa: E501
