"""The record of a run: its losses, gradients and parameters, as tables and as an archive.

Everything is told at a number of updates done: the loss and the gradient of iteration i (from 0)
are those of the parameters after i updates.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.network import Network
from bpgui.engine.problem import Problem
from bpgui.exporting.recorded import Course
from bpgui.exporting.tables import Table, csv_of, joined
from bpgui.training.snapshot import GradientRows, Snapshot

MOST_COLUMNS = 2000  # of gradients, or of parameters, in a table; spreadsheets stumble over more


def loss_table(problem: Problem, snapshot: Snapshot) -> Table:
    """iteration, epoch, seconds of computing; train_loss and test_loss, over all samples; and the
    lowest and highest loss of the batches from this iteration to the next that has them."""
    seen, batches = snapshot.evaluations, snapshot.losses
    latest, older = snapshot.evaluation, seen.iteration < snapshot.evaluated_at
    at = np.append(seen.iteration[older], snapshot.evaluated_at)
    test = np.nan if latest.test_loss is None else latest.test_loss
    table = joined(
        {
            "train_loss": (at, np.append(seen.train[older], latest.loss)),
            "test_loss": (at, np.append(seen.test[older], test)),
            "batch_loss_low": (batches.first, batches.low),
            "batch_loss_high": (batches.first, batches.high),
        },
        "iteration",
    )
    iteration = table["iteration"]
    seconds = np.interp(iteration, snapshot.clock.iteration, snapshot.clock.seconds)
    times = {"epoch": iteration / problem.batches_per_epoch, "seconds": seconds}
    return {"iteration": iteration, **times, **dict(list(table.items())[1:])}


def gradient_table(problem: Problem, snapshot: Snapshot) -> Table:
    """iteration; gradient_norm_1, … of each layer; and a column such as dL/dw(1)[1,2] for each
    parameter, or for the largest of several, unless these are more than MOST_COLUMNS."""
    record = snapshot.gradients
    table: dict[str, NDArray[Any]] = {"iteration": record.iteration}
    for layer, norms in enumerate(record.norms.T, 1):
        table[f"gradient_norm_{layer}"] = norms
    names = row_names(problem.network, record)
    if len(names) <= MOST_COLUMNS:
        table |= {f"dL/d{name}": row for name, row in zip(names, record.rows.T, strict=True)}
    return table


def course_table(network: Network, course: Course) -> Table:
    """iteration, and a column for each parameter by its name; none where these are more than
    MOST_COLUMNS."""
    table: dict[str, NDArray[Any]] = {"iteration": course.iteration}
    if network.size <= MOST_COLUMNS:
        names = [network.parameter(index).name for index in range(network.size)]
        table |= dict(zip(names, course.parameters.T, strict=True))
    return table


def row_names(network: Network, record: GradientRows) -> list[str]:
    """What each entry of a row of gradients belongs to, such as "w(1)[1,2]"."""
    names = []
    for first, after in zip(record.edges[:-1].tolist(), record.edges[1:].tolist(), strict=True):
        name = network.parameter(first).name
        last = network.parameter(after - 1).name
        names.append(name if first == after - 1 else f"{name} to {last}")
    return names


def run_csv(problem: Problem, snapshot: Snapshot, course: Course | None = None) -> bytes:
    """Losses, gradients and, where they were recorded, parameters side by side."""
    tables = [loss_table(problem, snapshot), gradient_table(problem, snapshot)]
    if course is not None:
        tables.append(course_table(problem.network, course))
    parts = {
        name: (table["iteration"], column)
        for table in tables
        for name, column in list(table.items())[1:]
    }
    return csv_of(joined(parts, "iteration"))


def parameter_table(network: Network, snapshot: Snapshot) -> Table:
    """name, value, gradient and update of each parameter; the last two of the last iteration."""
    nothing = np.full(network.size, np.nan)
    names = [network.parameter(index).name for index in range(network.size)]
    return {
        "name": np.array(names),
        "value": snapshot.parameters,
        "gradient": nothing if snapshot.gradient is None else snapshot.gradient,
        "update": nothing if snapshot.update is None else snapshot.update,
    }


def run_archive(problem: Problem, snapshot: Snapshot, course: Course | None = None) -> bytes:
    """A .npz of plain arrays:

    - iteration (), epoch (): updates and passes done
    - parameter_name (size,), initial (size,), parameter, gradient, update (size,), as
      `parameter_table` has them; W1, b1, W2, b2, … (units, inputs) and (units,)
    - evaluation_iteration (e,), train_loss (e,), test_loss (e,): over all samples
    - batch_iteration (b,), batch_loss_low (b,), batch_loss_high (b,)
    - gradient_iteration (r,), gradient_rows (r, bins), gradient_name (bins,), gradient_norm
      (r, layers)
    - clock_iteration (c,), clock_seconds (c,)
    - course_iteration (p,), course (p, size): parameters over time, unless they are not known
    """
    network, losses = problem.network, loss_table(problem, snapshot)
    evaluated = ~np.isnan(losses["train_loss"])
    parameters = parameter_table(network, snapshot)
    arrays: dict[str, Any] = {
        "iteration": snapshot.iteration,
        "epoch": snapshot.epoch,
        "parameter_name": parameters["name"],
        "initial": problem.initial,
        "parameter": parameters["value"],
        "gradient": parameters["gradient"],
        "update": parameters["update"],
        "evaluation_iteration": losses["iteration"][evaluated],
        "train_loss": losses["train_loss"][evaluated],
        "test_loss": losses["test_loss"][evaluated],
        "batch_iteration": snapshot.losses.first,
        "batch_loss_low": snapshot.losses.low,
        "batch_loss_high": snapshot.losses.high,
        "gradient_iteration": snapshot.gradients.iteration,
        "gradient_rows": snapshot.gradients.rows,
        "gradient_name": np.array(row_names(network, snapshot.gradients)),
        "gradient_norm": snapshot.gradients.norms,
        "clock_iteration": snapshot.clock.iteration,
        "clock_seconds": snapshot.clock.seconds,
    }
    if course is not None:
        arrays |= {"course_iteration": course.iteration, "course": course.parameters}
    for layer, weights in enumerate(network.weights(snapshot.parameters), 1):
        arrays[f"W{layer}"] = weights
    for layer, biases in enumerate(network.biases(snapshot.parameters), 1):
        if biases is not None:
            arrays[f"b{layer}"] = biases
    file = BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()
