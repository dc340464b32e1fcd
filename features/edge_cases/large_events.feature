@edge @EC-2
Feature: Very large CDC events approach the 1 MB limit
  As a developer
  I need to know which limit stops a large event, and that none is dropped silently
  so that a large row is an alarm and not a loss.

  Scenario: Events within every size limit are stored, and larger ones are refused
    Given the size limits of producer, Kafka Connect, topic and consumer match
    When test producer sends events of 64 KB, of 512 KB, and just under, at and just over each limit
    Then every event within its limit is stored and read back whole, and every larger one is refused

  @slow
  Scenario: Row over the size limit stops Debezium until the limits are raised
    CDC stops until someone raises the limits and restarts the task.

    Given Debezium captures rows of any size
    When rows of 64 KB, of 512 KB, and just under and just over the limit of its producer are inserted
    Then the row over the limit stops the connector's task with an error that names its size
    And after the limits are raised every row arrives whole
