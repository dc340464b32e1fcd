@performance @US1.3 @SC-005 @FR-006 @FR-009
Feature: Memory and CPU stay within limits during Debezium's snapshot
  As a developer
  I need to know that the broker stays within its limits while Debezium takes the initial snapshot
  so that the initial load is no risk.

  The rows are in PostgreSQL, and Debezium itself takes the snapshot.

  @smoke
  Scenario: Debezium's snapshot of 895,000 rows keeps memory below 2 GB and CPU below 80 percent
    Given 895000 rows are in the tables videos, users and comments
    When Debezium takes its snapshot while Kafka broker is monitored
    Then the broker's memory stays below 2 GB and its CPU usage below 80 percent
    And every row is in Kafka exactly as in PostgreSQL
    And neither Kafka nor Kafka Connect logged an error
    And completion time of the snapshot is documented
