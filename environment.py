"""behave's hooks: a session for the run, a trial for each scenario, the result at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import allure
from allure_behave.formatter import AllureFormatter
from behave import fixture, register_type, use_fixture
from behave.formatter.base import StreamOpener
from behave.model_type import Status

from command_line import adapt, add_junit, asked_junit, name_scenarios, selection
from support import run
from support.experiment.experiment import Experiment
from support.interruption import arrived, end_if_arrived
from support.phrases import TYPES
from support.repeats import repeat_scenarios
from support.report.evidence import evidence_of
from support.report.verdict import ended_text, skipped_text
from support.scenarios import identity_of, left_out, result_of_step

register_type(**TYPES)
name_scenarios()


def before_all(context: Any) -> None:
    config, formatters = context.config, context._runner.formatters
    remarks = adapt(config, formatters)
    context.call = run.Call(selection(config), asked_junit(config))
    context.session = session = run.begin(config.userdata, context.call)
    for remark in remarks:
        session.progress.say(remark)
    folder = session.store.folder
    if not any(isinstance(each, AllureFormatter) for each in formatters):
        opener = StreamOpener(str(folder / "allure-results"))
        formatters.append(AllureFormatter(opener, config))
    add_junit(config, folder / "junit")


def before_feature(context: Any, feature: Any) -> None:
    repeat_scenarios(feature, context.session.settings.repeat)
    run.open_section(feature.name)


def after_feature(_context: Any, feature: Any) -> None:
    run.close_section(feature.name)


def before_scenario(context: Any, scenario: Any) -> None:
    end_if_arrived()
    session = context.session
    if reason := left_out(scenario, session, context._runner.step_registry.find_match):
        session.progress.say(skipped_text(reason))
    else:
        use_fixture(trial_of, context, scenario)


def before_step(_context: Any, _step: Any) -> None:
    end_if_arrived()


def after_step(context: Any, step: Any) -> None:
    kind, aborted = step.step_type, context.aborted
    result = result_of_step(context.trial, step.exception, kind, aborted=aborted)
    context.scenario.continue_after_failed_step = result.continues
    end_if_arrived()
    if result.skips:
        step.status, step.exception = Status.skipped, None
        context.scenario.skip(context.trial.skipped)


@fixture
def trial_of(context: Any, scenario: Any) -> Iterator[Experiment]:
    session = context.session
    context.trial = trial = session.new_trial(identity_of(scenario))
    context.require, context.require_recorded = trial.require, trial.require_recorded
    yield trial
    undefined = [step.name for step in scenario.all_steps if step.status.name == "undefined"]
    interrupted = context.aborted or bool(arrived())
    with session.closed(context.trial, undefined, interrupted=interrupted) as result:
        for name, body, kind in evidence_of(result, session.settings.scale, session.store.folder):
            allure.attach(body, name, allure.attachment_type[kind])
        session.progress.say(ended_text(result))


def after_all(context: Any) -> None:
    runner = context._runner
    ending = run.Ending(
        aborted=context.aborted,
        hook_failed=bool(runner.hook_failures),
        step_failed=context.failed,
        stopped=bool(context.config.stop) and context.failed,
    )
    if run.end(context.session, ending, context.call):
        # Makes the exit code 1. An exception would too, but behave would print it once more.
        runner.hook_failures += 1
