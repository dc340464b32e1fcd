@delivery @DELIV-5
Feature: Consumer groups are independent of each other
  As a developer
  I need to verify that both groups receive all messages independently
  so that a new consumer application can't take messages away from another.

  @US2.2 @FR-005
  Scenario: Two consumer groups both receive all 1,000 messages when one restarts and slows down
    Given Kafka is running with at-least-once config
    And 1000 messages are in the topic
    When two consumer groups consume simultaneously, and one is restarted at message 500 of 1000 and consumes slowly
    Then both groups receive all 1000 messages
    And neither group takes messages away from the other
    And consumer resumes from its last committed offset
    And consumer receives every message in order and commits only what it has processed

  Scenario: Two consumers in one group share 1,000 messages
    Given Kafka is running with at-least-once config
    When two consumers in one group consume while test producer sends 1000 messages
    Then the messages are divided between the two consumers
    And the group receives all 1000 messages
