"""bpgui check: compare every gradient with central differences."""

from __future__ import annotations

from functools import partial
from typing import Any

from bpgui.commands import output
from bpgui.commands.source import check_sample, load_problem
from bpgui.commands.train import Outcome, failed, trained
from bpgui.engine.gradcheck import GradientCheck, check_gradient, used_gradient
from bpgui.engine.problem import Problem
from bpgui.views.ledger import Shares, counts, shares


def run(preset: str, iterations: int, sample: int, as_json: bool) -> int:
    """The command; returns the exit code and raises InputError."""
    name, problem = load_problem(preset)
    check_sample(preset, problem, sample)
    outcome = trained(problem, iterations)
    if outcome.divergence is not None:
        return failed(preset, outcome.divergence)
    with output.progress("checking") as advance:
        found = check_gradient(
            problem,
            outcome.state.parameters,
            on_progress=advance,
            gradient=partial(
                used_gradient, slots=outcome.state.slots, iteration=outcome.state.iteration
            ),
        )
    told = report(name, problem, outcome, found, shares(problem, outcome.state.parameters, sample))
    if as_json:
        output.print_json(told)
    else:
        print_report(told)
    return output.DONE if found.passed else output.FAILED


def report(
    name: str, problem: Problem, outcome: Outcome, found: GradientCheck, parts: Shares
) -> dict[str, Any]:
    """The JSON object of `check --json`.

    `input_activation` and `delta` belong to one sample, the gradients to all training samples.
    """
    parameters = zip(
        found.indices.tolist(),
        parts.activations.tolist(),
        parts.deltas.tolist(),
        found.analytic.tolist(),
        found.numeric.tolist(),
        found.relative_error.tolist(),
        found.verdicts,
        strict=True,
    )
    return {
        "preset": name,
        "fault": problem.fault,
        "iteration": outcome.state.iteration,
        "sample": parts.sample,
        "passed": found.passed,
        "counts": counts(found),
        "largest_relative_error": float(found.relative_error.max()),
        "parameters": [
            {
                "name": problem.network.parameter(index).name,
                "input_activation": activation,
                "delta": delta,
                "analytic": analytic,
                "numeric": numeric,
                "relative_error": relative,
                "verdict": verdict,
            }
            for index, activation, delta, analytic, numeric, relative, verdict in parameters
        ],
    }


def print_report(told: dict[str, Any]) -> None:
    """The same for people, and in one line what it comes to."""
    rows = [
        (
            entry["name"],
            output.number(entry["input_activation"]),
            output.number(entry["delta"]),
            output.number(entry["analytic"]),
            output.number(entry["numeric"]),
            f"{entry['relative_error']:.1e}",
            entry["verdict"],
        )
        for entry in told["parameters"]
    ]
    heads = (
        "parameter",
        "input activation",
        "delta",
        "backpropagation",
        "differences",
        "relative error",
        "verdict",
    )
    output.print_table(heads, rows, "lrrrrrl")
    tally = ", ".join(f"{count:,} {verdict}" for verdict, count in told["counts"].items() if count)
    result = "passed" if told["passed"] else "FAILED"
    print()
    print(f"input activations and deltas are those of sample {told['sample']}")
    print(
        f"{told['preset']}: the gradient check {result}: {tally}; "
        f"largest relative error {told['largest_relative_error']:.1e}"
    )
