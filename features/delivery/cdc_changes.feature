@delivery @US2.3 @FR-006 @FR-009 @SC-003
Feature: Every change of the database arrives
  As a developer
  I need to verify that the topics tell exactly what was done to the database
  so that what reads them has the same data.

  Rows are really changed in PostgreSQL: single rows, many at once, COPY, large values left alone,
  primary keys, several tables, and transactions that are rolled back. The state folded from the
  events must be the state of the tables.

  @calm-changes
  Scenario: Changes without a fault
    Given Debezium is producing CDC events
    When database changes go on for 20 seconds
    Then all database changes appear in Kafka topics
    And every event is an envelope with before, after, op and source
    And the events fold into the rows that PostgreSQL has, in order

  Scenario Outline: Changes of tables that tell only the key, events <form>
    Without REPLICA IDENTITY FULL an update's event has no before, and a large value that it left
    alone is not told.

    Given Debezium is producing CDC events <form> of tables that tell only the key of a changed row
    When database changes go on for 5 seconds
    Then all database changes appear in Kafka topics
    And every event is an envelope with after, op and source
    And the events fold into the rows that PostgreSQL has, in order

    Examples:
      | form        |
      | with schema |

    @slow
    Examples: bare
      | form           |
      | without schema |

  Scenario: Rows are changed while Debezium takes their snapshot
    When Debezium takes the snapshot of 50000 rows while they are changed
    Then changes were made while the snapshot was taken
    And all database changes appear in Kafka topics
    And every event is an envelope with before, after, op and source
    And the events fold into the rows that PostgreSQL has, in order
