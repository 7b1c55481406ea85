"""bpgui train: train a preset without a window, and print where it came to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from bpgui.commands import output
from bpgui.commands.output import Advance, InputError
from bpgui.commands.source import find_preset, load_problem
from bpgui.engine.descent import Descent, Divergence, TrainState, initial_state
from bpgui.engine.evaluation import Evaluation, evaluate
from bpgui.engine.network import FloatArray, Network
from bpgui.engine.problem import Problem, StopRule
from bpgui.training.messages import divergence_message

Record: TypeAlias = Callable[[int, FloatArray], None]

BURST = 0.1  # seconds between two looks at the progress bar and at Ctrl-C
MOST_ITERATIONS = 1 << 16  # of a burst
FEW_PARAMETERS = 200  # which are printed; more are for --json


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Where training came to; `gradient` is that of the last iteration, None where none ran."""

    state: TrainState
    gradient: FloatArray | None
    divergence: Divergence | None = None


def run(
    preset: str, epochs: int | None, iterations: int | None, as_json: bool, csv: Path | None
) -> int:
    """The command; returns the exit code and raises InputError."""
    name, problem = load_problem(preset)
    problem, total = limited(problem, epochs, iterations)
    if csv is not None and csv.exists() and csv.samefile(find_preset(preset)):
        raise InputError(f"{csv}: is the preset itself; give another file to --csv")
    with recorder(csv, problem) as record, output.progress("training") as advance:
        outcome = descend(problem, total, record, advance)
    evaluation = evaluate(problem, outcome.state.parameters)
    show = output.print_json if as_json else print_report
    show(report(name, problem, outcome, evaluation))
    if outcome.divergence is not None:
        return failed(preset, outcome.divergence)
    return output.DONE


def failed(preset: str, divergence: Divergence) -> int:
    """Tell that numbers stopped being finite, and where; returns the exit code."""
    output.say_error(f"{preset}: {divergence_message(divergence)}")
    return output.FAILED


def trained(problem: Problem, iterations: int) -> Outcome:
    """Where so many iterations from the initial parameters come to, with a progress bar."""
    with output.progress("training") as advance:
        limit, total = limited(problem, None, iterations)
        return descend(limit, total, advance=advance)


def limited(
    problem: Problem, epochs: int | None, iterations: int | None
) -> tuple[Problem, int | None]:
    """The problem with the limit asked for, and how many iterations that allows at most."""
    stop = problem.settings.stop
    if epochs is not None and iterations is not None:
        raise InputError("--epochs and --iterations exclude each other; give one of them")
    if epochs is None and iterations is None and stop == StopRule():
        raise InputError(
            "the preset has no stop rule; say with --epochs N or --iterations N when to stop"
        )
    if iterations is None:
        most = stop.max_epochs if epochs is None else epochs
        iterations = None if most is None else most * problem.batches_per_epoch
    settings = replace(problem.settings, stop=StopRule(None, stop.loss_below))
    return replace(problem, settings=settings), iterations


def descend(
    problem: Problem,
    total: int | None,
    record: Record | None = None,
    advance: Advance | None = None,
) -> Outcome:
    """Train for `total` iterations, or as many as it takes where that is None."""
    descent, state, gradient = Descent(problem), initial_state(problem), None
    burst = 1
    while total is None or state.iteration < total:
        begun, first = time.perf_counter(), state.iteration
        state, trace = descent.advance(
            state, burst if total is None else min(burst, total - state.iteration)
        )
        gradient = gradient if trace.gradient is None else trace.gradient
        if record is not None:
            record(first, trace.losses)
        if advance is not None:
            advance(state.iteration, total)
        if isinstance(trace.ended, Divergence):
            return Outcome(state, gradient, trace.ended)
        if trace.ended is not None:
            break
        burst = _next_burst(burst, time.perf_counter() - begun)
    return Outcome(state, gradient)


def _next_burst(burst: int, seconds: float) -> int:
    if seconds > 2 * BURST:
        return max(1, burst // 2)
    return min(MOST_ITERATIONS, 2 * burst) if seconds < BURST else burst


@contextmanager
def recorder(path: Path | None, problem: Problem) -> Iterator[Record | None]:
    """Writes each iteration's number (from 0), its epoch (from 0) and the objective of its batch
    before its update, as CSV."""
    if path is None:
        yield None
        return
    with output.whole_file(path) as file:
        file.write("iteration,epoch,objective\n")

        def record(first: int, losses: FloatArray) -> None:
            file.writelines(
                f"{iteration},{iteration // problem.batches_per_epoch},{loss!r}\n"
                for iteration, loss in enumerate(losses.tolist(), first)
            )

        yield record


def report(name: str, problem: Problem, outcome: Outcome, evaluation: Evaluation) -> dict[str, Any]:
    """The JSON object of `train --json`; nested lists are [layer][receiving unit][sending unit]."""
    network, state = problem.network, outcome.state
    weights, biases = nested(network, state.parameters)
    weight_gradients, bias_gradients = nested(network, outcome.gradient)
    told = {
        "preset": name,
        "fault": problem.fault,
        "state": "finished" if outcome.divergence is None else "diverged",
        "iteration": state.iteration,
        "epoch": state.iteration // problem.batches_per_epoch,
        "loss": evaluation.loss,
        "data_loss": evaluation.data_loss,
        "test_loss": evaluation.test_loss,
        "accuracy": evaluation.accuracy,
        "test_accuracy": evaluation.test_accuracy,
        "weights": weights,
        "biases": biases,
        "weight_gradients": weight_gradients,
        "bias_gradients": bias_gradients,
    }
    if outcome.divergence is not None:
        told["message"] = divergence_message(outcome.divergence)
    return told


def nested(
    network: Network, theta: FloatArray | None
) -> tuple[list[Any], list[Any]] | tuple[None, None]:
    """Per layer the weights, and the biases or None; None for both without theta."""
    if theta is None:
        return None, None
    return (
        [matrix.tolist() for matrix in network.weights(theta)],
        [None if row is None else row.tolist() for row in network.biases(theta)],
    )


def print_report(told: dict[str, Any]) -> None:
    """The same for people: what is one number, then the parameters of a small network."""
    facts = {
        name.replace("_", " "): str(value) if isinstance(value, int | str) else output.number(value)
        for name, value in told.items()
        if value is not None and not isinstance(value, list) and name != "message"
    }
    output.print_facts(facts)
    rows = list(_parameters(told))
    print()
    if len(rows) > FEW_PARAMETERS:
        print(f"{len(rows):,} weights and biases; --json prints them")
    else:
        output.print_table(("parameter", "value", "gradient"), rows, "lrr")


def _parameters(told: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Name, value and last gradient, by the names w(layer)[to,from] and b(layer)[to], from 1."""
    slopes, bias_slopes = told["weight_gradients"], told["bias_gradients"]
    for layer, (matrix, biases) in enumerate(zip(told["weights"], told["biases"], strict=True)):
        for j, row in enumerate(matrix):
            for k, weight in enumerate(row):
                slope = slopes and slopes[layer][j][k]
                yield (
                    f"w({layer + 1})[{j + 1},{k + 1}]",
                    output.number(weight),
                    output.number(slope),
                )
            if biases is not None:
                slope = bias_slopes and bias_slopes[layer][j]
                yield f"b({layer + 1})[{j + 1}]", output.number(biases[j]), output.number(slope)
