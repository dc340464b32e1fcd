@delivery @DELIV-5
Feature: Consumer groups are independent of each other
  As a developer
  I need to verify that every group is given all messages, whatever the others do
  so that a new consumer application can't take messages away from another.

  @US2.2 @FR-005
  Scenario: Two groups, one of them restarted and slowed
    Given Kafka is running with at-least-once config
    And 1000 messages are in the topic
    When two consumer groups read, and one is restarted at message 500 of 1000 and goes on slowly
    Then both groups receive all 1000 messages
    And neither group takes messages away from the other
    And consumer resumes from its last committed offset
    And the consumer is given every message in order and commits only what it processed

  Scenario: Two consumers with the same group id are told apart from two groups
    Given Kafka is running with at-least-once config
    When two consumers with the same group id read along while test producer sends 1000 messages
    Then the messages are divided between the two consumers
    And the group receives all 1000 messages
