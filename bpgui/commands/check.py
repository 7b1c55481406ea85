"""bpgui check: compare every gradient with central differences."""

from __future__ import annotations

from typing import Any

from bpgui.commands import output
from bpgui.commands.source import load_problem
from bpgui.commands.train import Outcome, descend, limited
from bpgui.engine.gradcheck import GradientCheck, check_gradient
from bpgui.engine.problem import Problem
from bpgui.training.messages import divergence_message

VERDICTS = ("good", "kink", "doubtful", "wrong")


def run(preset: str, iterations: int, as_json: bool) -> int:
    """The command; returns the exit code and raises InputError."""
    name, problem = load_problem(preset)
    with output.progress("training") as advance:
        limit, total = limited(problem, None, iterations)
        outcome = descend(limit, total, advance=advance)
    if outcome.divergence is not None:
        output.say_error(f"{preset}: {divergence_message(outcome.divergence)}")
        return output.FAILED
    with output.progress("checking") as advance:
        found = check_gradient(problem, outcome.state.parameters, on_progress=advance)
    told = report(name, problem, outcome, found)
    if as_json:
        output.print_json(told)
    else:
        print_report(told)
    return output.DONE if found.passed else output.FAILED


def report(name: str, problem: Problem, outcome: Outcome, found: GradientCheck) -> dict[str, Any]:
    """The JSON object of `check --json`."""
    parameters = zip(
        found.indices.tolist(),
        found.analytic.tolist(),
        found.numeric.tolist(),
        found.relative_error.tolist(),
        found.verdicts,
        strict=True,
    )
    return {
        "preset": name,
        "iteration": outcome.state.iteration,
        "passed": found.passed,
        "counts": {verdict: found.verdicts.count(verdict) for verdict in VERDICTS},
        "largest_relative_error": float(found.relative_error.max()),
        "parameters": [
            {
                "name": problem.network.parameter(index).name,
                "analytic": analytic,
                "numeric": numeric,
                "relative_error": relative,
                "verdict": verdict,
            }
            for index, analytic, numeric, relative, verdict in parameters
        ],
    }


def print_report(told: dict[str, Any]) -> None:
    """The same for people, and in one line what it comes to."""
    rows = [
        (
            entry["name"],
            output.number(entry["analytic"]),
            output.number(entry["numeric"]),
            f"{entry['relative_error']:.1e}",
            entry["verdict"],
        )
        for entry in told["parameters"]
    ]
    heads = ("parameter", "backpropagation", "differences", "relative error", "verdict")
    output.print_table(heads, rows, "lrrrl")
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in told["counts"].items() if count)
    result = "passed" if told["passed"] else "FAILED"
    print()
    print(
        f"{told['preset']}: the gradient check {result}: {counts}; "
        f"largest relative error {told['largest_relative_error']:.1e}"
    )
