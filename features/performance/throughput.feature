@performance @US1.1 @FR-001 @FR-003 @SC-001 @BENCH-1
Feature: The broker handles CDC workloads
  As a developer
  I need to validate that the broker handles CDC workloads efficiently
  so that the pipeline meets its throughput and latency requirements.

  Messages are Debezium envelopes of 1 to 10 KB. Latency is measured from the time at which a
  message should have been sent, so a stall counts for every message that had to wait.

  @smoke
  Scenario: 1,000 messages per second for 60 seconds keep mean and p95 latency below 100 ms
    Given Kafka broker is running with CDC topics
    And a test consumer is consuming messages
    When performance benchmark produces 1000 messages per second for 60 seconds
    Then Kafka accepts all messages
    And no message is lost
    And the mean and p95 latency are below 100 ms
    And the benchmark sent at the target rate, within 0.1 percent
    And throughput, latency percentiles and resource usage are recorded
