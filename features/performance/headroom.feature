@performance @US1.1 @FR-003 @slow
Feature: The broker has headroom above its target
  As a performance engineer
  I need to know what the broker does at twice the rate that it is built for
  so that growth is no surprise.

  The specification sets no limit for this rate: latency and resources are measured, and nothing may
  be lost.

  Scenario: 2,000 messages per second for 60 seconds, twice the target, lose nothing
    Given Kafka broker is running with CDC topics
    When performance benchmark produces 2000 messages per second for 60 seconds
    Then Kafka accepts all messages
    And no message is lost
    And throughput, latency percentiles and resource usage are recorded
