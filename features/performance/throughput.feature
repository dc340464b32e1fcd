@performance @US1.1 @FR-001 @FR-003 @SC-001 @BENCH-1
Feature: The broker carries the load of change data capture
  As a developer
  I need to validate that the broker handles CDC workloads efficiently
  so that the pipeline meets its throughput and latency requirements.

  Records are Debezium envelopes of 1 to 10 KB. Latency runs from the moment at which a record
  was due, so that a stall is felt by every record that had to wait in it.

  Scenario: 1000 messages per second for 60 seconds
    Given Kafka broker is running with CDC topics
    And a test consumer is consuming messages
    When performance benchmark produces 1000 messages per second for 60 seconds
    Then Kafka accepts all messages
    And no message is lost
    And the mean and p95 latency are below 100 ms
    And the load kept its rate within 0.1 percent
    And throughput, latency percentiles and resource usage are recorded
