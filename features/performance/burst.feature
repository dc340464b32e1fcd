@performance @BENCH-2 @US1.1 @FR-003
Feature: The broker survives a burst
  As a developer
  I need to know what a burst of changes does to the broker and its producers
  so that a bulk update in the database is no incident.

  The burst stands between two stretches of 1000 messages per second, so that it shows how soon
  latency is back to what it was.

  Scenario: 5000 messages per second for 10 seconds
    Given Kafka broker is running with CDC topics
    When performance benchmark bursts to 5000 messages per second for 10 seconds
    Then Kafka accepts all messages
    And no message is lost
    And the load kept its rate within 0.1 percent
    And backpressure is measured and latency is steady again within 10 seconds
    And throughput, latency percentiles and resource usage are recorded
