@performance @BENCH-2 @US1.1 @FR-003
Feature: The broker handles a burst
  As a developer
  I need to know what a burst of changes does to the broker and its producers
  so that a bulk update in the database is no incident.

  Before and after the burst 1000 messages per second are sent, to see how soon latency is normal
  again.

  Scenario: Burst of 5,000 messages per second for 10 seconds loses nothing
    Given Kafka broker is running with CDC topics
    When performance benchmark produces a burst of 5000 messages per second for 10 seconds
    Then Kafka accepts all messages
    And no message is lost
    And the benchmark sent at the target rate, within 0.1 percent
    And backpressure is measured, and latency is normal again within 10 seconds
    And throughput, latency percentiles and resource usage are recorded
