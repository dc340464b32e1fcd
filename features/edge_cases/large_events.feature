@edge @EC-2
Feature: CDC events approach the limit of 1 MB
  As a developer
  I need to know which limit stops a large event, and that none is dropped silently
  so that a large row is an alarm and not a loss.

  Scenario: Events of every size up to and over each limit
    Given the size limits of producer, Kafka Connect, topic and consumer fit each other
    When test producer sends events of 64 KB, of 512 KB, and just under, at and just over each limit
    Then every event within its limit is stored and read back whole, and every larger one is refused

  @slow
  Scenario: Rows of every size through Debezium
    Given Debezium captures rows of any size
    When rows are inserted of 64 KB, of 512 KB, and just under and just over the limit of its producer
    Then the row over the limit stops the connector's task with an error that names its size
    And after the limits are raised every row arrives whole
