@delivery @US2.3 @FR-006 @FR-009 @SC-003
Feature: Every database change arrives
  As a developer
  I need to verify that CDC topics contain exactly the database changes
  so that their consumers have the same data.

  The test changes rows in PostgreSQL: single rows, many rows at once, COPY, updates that do not
  touch large values, changes of primary keys, several tables in one transaction, and transactions
  that are rolled back. Applying the events must give exactly the rows of the tables.

  @calm-changes
  Scenario: Without a failure all database changes arrive
    Given Debezium is producing CDC events
    When database changes are made for 20 seconds
    Then all database changes appear in Kafka topics
    And every event is an envelope with before, after, op and source
    And applying the events in order gives exactly the rows in PostgreSQL

  Scenario Outline: Changes of tables without REPLICA IDENTITY FULL arrive as events <form>
    Without REPLICA IDENTITY FULL the event of an update has no before, and it has a placeholder for
    a large value that the update did not touch.

    Given Debezium is producing CDC events <form> of tables without REPLICA IDENTITY FULL
    When database changes are made for 5 seconds
    Then all database changes appear in Kafka topics
    And every event is an envelope with after, op and source
    And applying the events in order gives exactly the rows in PostgreSQL

    Examples:
      | form        |
      | with schema |

    @slow
    Examples: without schema
      | form           |
      | without schema |

  Scenario: All changes made during Debezium's snapshot arrive
    When Debezium takes the snapshot of 50000 rows while they are changed
    Then changes were made while the snapshot was taken
    And all database changes appear in Kafka topics
    And every event is an envelope with before, after, op and source
    And applying the events in order gives exactly the rows in PostgreSQL
