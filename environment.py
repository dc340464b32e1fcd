"""behave's hooks: a session for the run, a trial for each scenario, results at the end."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Iterator
from typing import Any

import allure
from allure_behave.formatter import AllureFormatter
from behave import fixture, register_type, use_fixture
from behave.formatter.base import StreamOpener
from behave.model_type import Status
from behave.reporter.junit import JUnitReporter

from support.errors import Explained, PromiseBroken, Unavailable
from support.experiment.experiment import Identity, Trial, Unmeasured
from support.interruption import arrived, end_if_arrived, ignore_further_signals, listen
from support.phrases import TYPES
from support.repeats import repeat_scenarios
from support.report.accepted import judged_by_accepted
from support.report.documents import write_reports
from support.report.evidence import evidence_of
from support.report.junit import mark_deviations
from support.report.verdict import untold_trouble, verdict_lines
from support.session import RunSession
from support.settings import Settings

register_type(**TYPES)


def before_all(context: Any) -> None:
    listen()
    try:
        context.session = session = RunSession(Settings.load(context.config.userdata))
        # For an end that behave has no hook for, as a Ctrl-C between two scenarios.
        atexit.register(session.close)
        session.start()
    except (Exception, KeyboardInterrupt) as trouble:  # noqa: BLE001 - told, and the run ends
        # behave would go on to list every scenario as untested; this is the whole message.
        name = "" if isinstance(trouble, Explained) else f"{type(trouble).__name__}: "
        ended = f"interrupted by {arrived()}; what was started has been ended"
        sys.stderr.write(f"\n{ended if arrived() else f'{name}{trouble}'}\n")
        sys.stderr.flush()
        os._exit(130 if arrived() else 2)
    folder = session.store.folder
    if not any(isinstance(each, AllureFormatter) for each in context._runner.formatters):
        opener = StreamOpener(str(folder / "allure-results"))
        context._runner.formatters.append(AllureFormatter(opener, context.config))
    context.config.junit_directory = str(folder / "junit")
    context.config.reporters.append(JUnitReporter(context.config))


def before_feature(context: Any, feature: Any) -> None:
    repeat_scenarios(feature, context.session.settings.repeat)


def before_scenario(context: Any, scenario: Any) -> None:
    end_if_arrived()
    if "wip" in scenario.effective_tags:
        context.session.skip(identity_of(scenario), "@wip: work in progress")
        scenario.skip("@wip: work in progress")
        return
    use_fixture(trial_of, context, scenario)


def before_step(_context: Any, _step: Any) -> None:
    end_if_arrived()


def after_step(context: Any, step: Any) -> None:
    if arrived():
        # Whatever became of it in the step: passed over, or in the place of another error.
        context.trial.trouble = f"interrupted by {arrived()}"
        context.scenario.continue_after_failed_step = False
        end_if_arrived()
    if isinstance(step.exception, Unavailable) and context.trial.skip(step.exception):
        # What it needs is not to be had here: no error, and no further step.
        step.status, step.exception = Status.skipped, None
        context.scenario.skip(context.trial.skipped)
    broken_promise = isinstance(step.exception, PromiseBroken)
    context.scenario.continue_after_failed_step = not context.aborted and (
        step.step_type == "then" or broken_promise
    )
    told = broken_promise or isinstance(step.exception, Unmeasured)
    if step.exception is not None and not told and not context.trial.trouble:
        context.trial.trouble = str(step.exception) or type(step.exception).__name__


def identity_of(scenario: Any) -> Identity:
    tags = tuple(sorted(str(tag) for tag in scenario.effective_tags))
    where = f"{scenario.location.filename}:{scenario.location.line}"
    return Identity(str(scenario.feature.name), str(scenario.name), tags, where)


@fixture
def trial_of(context: Any, scenario: Any) -> Iterator[Trial]:
    context.trial = trial = context.session.new_trial(identity_of(scenario))
    yield trial
    unknown = [step.name for step in scenario.all_steps if step.status.name == "undefined"]
    try:
        trial.close(interrupted=context.aborted or bool(arrived()))
    except BaseException as error:
        trial.trouble = trial.trouble or f"cleaning up failed: {type(error).__name__}: {error}"
        raise
    finally:
        result = trial.result(f"undefined steps: {unknown}" if unknown else trial.trouble)
        context.session.record(result)
        session = context.session
        for name, body, kind in evidence_of(result, session.settings.scale, session.store.folder):
            allure.attach(body, name, allure.attachment_type[kind])


def after_all(context: Any) -> None:
    ignore_further_signals()
    session, runner = context.session, context._runner
    session.end_stack()
    cut_off = "the run was interrupted" if context.aborted or arrived() else ""
    result = session.result(cut_off or ("a hook failed" if runner.hook_failures else ""))
    if session.settings.fail_on_regression and not result.trouble:
        result = judged_by_accepted(result)
    session.store.write_run(result)
    session.store.link_latest()
    mark_deviations(session.store.folder / "junit", result.scenarios)
    write_reports(session.store.folder)
    for line in verdict_lines(result, session.store.folder):
        sys.stdout.write(line + "\n")
    session.close()
    trouble = untold_trouble(result, failed=context.failed)
    if trouble:
        raise RuntimeError(trouble)
