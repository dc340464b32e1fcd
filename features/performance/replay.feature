@performance @BENCH-4 @US1.1 @FR-003 @FR-006 @slow
Feature: The broker takes a whole snapshot as fast as it can
  As a developer
  I need to know how long the initial load of all tables takes, and what it costs
  so that I can plan it.

  Prebuilt CDC events; the snapshot that Debezium itself makes is another feature's.

  Scenario: 895000 CDC events as fast as possible
    Given Kafka broker is running with CDC topics
    When performance benchmark replays 895000 CDC events as fast as possible
    Then Kafka accepts all messages
    And no message is lost
    And every message in the topic is intact, in order and from the producer
    And the broker's memory stays below 2 GB
    And the completion time is reported
    And throughput, latency percentiles and resource usage are recorded
