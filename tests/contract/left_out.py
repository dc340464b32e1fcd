"""The slow tests that `make test` leaves out, and what replaces them. `make test-full` runs them.

A key is the beginning of a test's name as pytest writes it, relative to this folder: it stands for
a file, a test or one case of a test.
"""

from __future__ import annotations

LEFT_OUT = {
    "test_scaled_runs.py::test_a_scaled_run_passes_and_leaves_nothing[all that are not slow]": (
        "the smoke run, with the same documents"
    ),
    "test_red_runs.py::test_what_loses_change_data_turns_the_audit_red[worker]": (
        "the case of connector, topic and broker"
    ),
    "test_red_runs.py::test_a_small_message_limit_turns_the_throughput_scenario_red": (
        "acks=0, which turns another scenario red"
    ),
    "test_red_runs.py::test_a_broker_that_ends_in_a_benchmark": (
        "other runs that turn red or are interrupted"
    ),
    "test_make_up.py::test_a_full_queue_is_named_as_the_cause": "unit tests of the achieved rate",
    "test_command_line.py::test_a_failure_stops": "unit tests of the annotations and of --stop",
    "test_make_up.py::test_a_careless_consumer_is_red_by_the_check_that_names_it": (
        "red/test_readers.py has careless consumers on a real stack"
    ),
    "test_make_up.py::test_it_is_healed_when_a_run_is_interrupted": (
        "interruptions at random of runs that use a stack of `make up`"
    ),
    "test_attach.py::test_without_containers_a_benchmark": "the run on the secured stack",
    "test_attach.py::test_a_stopped_connector": "unit tests of the pipeline's checks",
    "test_attach.py::test_the_metrics_of_the_broker": "unit tests of the endpoint's answers",
    "test_attach.py::test_the_settings_of_the_team_s_topics": "unit tests of the configuration",
    "test_check_stack.py::test_each_wrong_address": "wrong input of the secured stack",
    "test_check_stack.py::test_it_ends_soon_when_nothing_answers": "unit tests of its time limit",
    "test_refused_input.py::test_a_whole_run_refuses_every_other_bad_input": (
        "a session, or a running stack, refuses the same input"
    ),
    "test_refused_input.py::test_usual_ports_that_are_taken_are_stepped_around": (
        "tests/stack has the choice of a port"
    ),
    "test_interrupted_runs.py::test_an_interrupted_run_heals_and_ends_everything": (
        "interruptions at random"
    ),
    "test_interrupted_runs.py::test_a_second_run_is_refused": (
        "tests/stack/test_left_tools.py: what a clone does that another run has locked"
    ),
    "test_secrets.py::test_a_run_leaves_no_secret[load]": "a run with database changes",
    "test_embedded_stack.py::test_a_crashed_broker_comes_back": "broker crashes of the smoke run",
    "test_benchmarks.py": "unit tests of the same checks",
    "test_damaged_log.py": "red/test_log.py damages a batch on disk, too",
    "test_cdc.py::test_what_a_connector_leaves_out_is_found[no tombstones]": "a masked column",
    "test_cdc.py::test_what_a_connector_leaves_out_is_found[no comments]": (
        "the recorded run of a connector that drops changes (tests/records/lossy_filter)"
    ),
    "test_cdc.py::test_what_a_connector_leaves_out_is_found[not captured]": (
        "the same recorded run"
    ),
    "test_cdc.py::test_what_a_connector_leaves_out_is_found[dropped]": "the same recorded run",
    "test_cdc.py::test_what_a_connector_leaves_out_is_found[excluded]": "unit tests of the image",
    "test_cdc.py::test_a_row_changed_behind_the_writers_back": "unit tests of the image",
    "test_cdc.py::test_an_update_that_postgresql_refuses": "unit tests of the row writer",
    "test_cdc.py::test_what_is_done_to_the_tables_meanwhile_is_followed": (
        "unit tests of the image and of schema changes"
    ),
    "test_cdc.py::test_tables_as_applications_have_them": "unit tests of column values",
    "test_cdc.py::test_a_failed_task_under_a_running_connector": "unit tests of the task's state",
    "test_cdc.py::test_changes_that_went_with_a_dropped_slot": "unit tests of the slot",
    "test_cdc.py::test_a_slot_that_was_lost": "unit tests of the slot",
    "test_cdc.py::test_an_open_transaction": "unit tests of open transactions",
    "test_cdc.py::test_a_transaction_that_is_opened_too_late": "unit tests of open transactions",
    "test_cdc.py::test_a_capture_without_a_free_wal_sender": "unit tests of the start checks",
    "test_broken_pair.py": "unit tests of the refusal, and of the slot's check",
    "test_versions.py": "the versions of the default, and unit tests of the locks",
    "test_upgrade.py": "unit tests of the steps, of the versions and of the document",
    "audit/test_audit.py::test_nothing_differs": "all tables but two of the seeded faults",
    "audit/test_audit.py::test_a_table_that_the_role": "unit tests of the audit's checks",
    "audit/test_audit.py::test_a_pipeline_that_is_not_alive": "unit tests of the audit",
    "audit/test_audit.py::test_unwrapped_records": "unit tests of unwrapped records",
    "red/test_capture.py": "test_cdc.py sees CDC image fail, unit tests the other checks",
    "red/test_pipeline.py": "unit tests of the pipeline's checks",
    "red/test_edges.py": "unit tests of the same checks",
    "red/test_speed.py": "unit tests of the same checks",
    "red/test_reports.py": "unit tests of the documents",
    "red/test_readers.py::test_a_consumer_that_begins_again": "the other careless consumers",
    "red/test_readers.py::test_a_consumer_that_goes_back": "the other careless consumers",
    "red/test_readers.py::test_a_consumer_that_goes_on_elsewhere": "the other careless consumers",
    "red/test_readers.py::test_a_consumer_that_takes_a_commit_back": "the other careless consumers",
    "red/test_readers.py::test_a_group_whose_offsets": "the other careless consumers",
    "red/test_readers.py::test_a_stranger_in_the_group": "the other careless consumers",
    "red/test_readers.py::test_two_consumers_and_one_partition": "the other careless consumers",
    "red/test_readers.py::test_two_groups_that_are_one": "the other careless consumers",
}
"""Test -> what replaces it in `make test`."""


def left_out(name: str) -> bool:
    """Whether `make test` leaves a test out; `name` is relative to this folder."""
    return any(name.startswith(each) for each in LEFT_OUT)
