@performance @BENCH-3 @US1.1 @FR-003 @slow
Feature: Memory, CPU, disk and latency stay stable under sustained load
  As a developer
  I need to see that memory, CPU, disk and latency stay stable
  so that the broker can run for weeks.

  Scenario: Sustained load of 500 messages per second for 5 minutes keeps memory and latency stable
    Given Kafka broker is running with CDC topics
    When performance benchmark produces 500 messages per second for 5 minutes
    Then Kafka accepts all messages
    And no message is lost
    And the p95 latency is below 100 ms
    And the broker's memory stays below 2 GB and its CPU usage below 80 percent
    And memory and latency stay stable
    And throughput, latency percentiles and resource usage are recorded
