@performance @BENCH-4 @US1.1 @FR-003 @FR-006 @slow
Feature: The broker accepts a simulated snapshot as fast as possible
  As a developer
  I need to know how long the initial load of all tables takes, and which resources it uses
  so that I can plan it.

  The events are prebuilt. For Debezium's own snapshot see snapshot.feature.

  Scenario: Snapshot simulation of 895,000 CDC events as fast as possible loses nothing
    Given Kafka broker is running with CDC topics
    When performance benchmark replays 895000 CDC events as fast as possible
    Then Kafka accepts all messages
    And no message is lost
    And every message in the topic is exactly what test producer sent, in order
    And the broker's memory stays below 2 GB
    And completion time is documented
    And throughput, latency percentiles and resource usage are recorded
