"""bpgui check: compare every gradient with central differences."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpgui.commands import output
from bpgui.commands.output import InputError
from bpgui.commands.source import check_sample, load_problem
from bpgui.commands.train import Outcome, failed, trained
from bpgui.engine.gradcheck import GradientCheck, check_gradient, used_gradient
from bpgui.engine.problem import Problem
from bpgui.engine.spread import SAMPLE, spread_order, takes_long
from bpgui.views.ledger import Shares, shares


def run(preset: str, iterations: int, sample: int, parameters: str | None, as_json: bool) -> int:
    """The command; returns the exit code and raises InputError. `parameters` is what was asked for:
    "all", a number of them, or a name; None for all where that does not take too long."""
    name, problem = load_problem(preset)
    check_sample(preset, problem, sample)
    indices = chosen(problem, parameters)
    outcome = trained(problem, iterations)
    if outcome.divergence is not None:
        return failed(preset, outcome.divergence)
    with output.progress("checking") as advance:
        found = check_gradient(
            problem,
            outcome.state.parameters,
            indices,
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


def chosen(problem: Problem, asked: str | None) -> NDArray[np.int64]:
    """The indices of the parameters to check, in their order in the network. Raises InputError."""
    size = problem.network.size
    if asked is None:
        asked = str(SAMPLE) if takes_long(problem) else "all"
    if asked == "all":
        return np.arange(size)
    if asked.isdecimal() and int(asked):
        return np.sort(spread_order(problem.network)[: int(asked)])
    try:
        return np.array([problem.network.index_of(asked)])
    except KeyError as error:
        raise InputError(
            f"--parameters {asked}: {error.args[0]}; or give all, or how many"
        ) from None


def report(
    name: str, problem: Problem, outcome: Outcome, found: GradientCheck, parts: Shares
) -> dict[str, Any]:
    """The JSON object of `check --json`: of the `size` parameters there are, those `checked`.

    `input_activation` and `delta` belong to one sample, the gradients to all training samples.
    """
    parameters = zip(
        found.indices.tolist(),
        parts.activations[found.indices].tolist(),
        parts.deltas[found.indices].tolist(),
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
        "checked": len(found.indices),
        "size": problem.network.size,
        "counts": found.counts,
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
    if told["checked"] < told["size"]:
        print(
            f"checked {told['checked']:,} of {told['size']:,} parameters"
            + (", spread over all layers" if told["checked"] > 1 else "")
        )
    print(f"input activations and deltas are those of sample {told['sample']}")
    print(
        f"{told['preset']}: the gradient check {result}: {tally}; "
        f"largest relative error {told['largest_relative_error']:.1e}"
    )
