"""bpgui explain: every intermediate number of one sample's pass through the network and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from bpgui.commands import output
from bpgui.commands.output import InputError
from bpgui.commands.source import load_problem
from bpgui.commands.train import descend, limited
from bpgui.engine.derivation import Derivation, LayerPass, derive
from bpgui.engine.network import FloatArray, Network
from bpgui.training.messages import divergence_message
from bpgui.views.folding import folded

WIDTH = 8  # numbers of a row that are printed; --json prints all
ROWS = 24  # rows of a matrix that are printed


def run(preset: str, sample: int, iterations: int, as_json: bool) -> int:
    """The command; returns the exit code and raises InputError."""
    name, problem = load_problem(preset)
    count = len(problem.train)
    if not 0 <= sample < count:
        there = "one training sample, 0" if count == 1 else f"the training samples 0 to {count - 1}"
        raise InputError(f"--sample {sample}: {preset} has {there}")
    with output.progress("training") as advance:
        limit, total = limited(problem, None, iterations)
        outcome = descend(limit, total, advance=advance)
    if outcome.divergence is not None:
        output.say_error(f"{preset}: {divergence_message(outcome.divergence)}")
        return output.FAILED
    state = outcome.state
    found = derive(problem, state.parameters, [sample], state.slots, state.iteration)
    told = report(name, sample, found)
    if as_json:
        output.print_json(told)
    else:
        print_report(told)
    return output.DONE


def report(name: str, sample: int, found: Derivation) -> dict[str, Any]:
    """The JSON object of `explain --json`.

    Loss, deltas and gradients are those of this sample's own loss, without the penalties: a batch
    of one. A layer's input_gradients are dL/d of what it takes in.
    """
    network = found.problem.network
    return {
        "preset": name,
        "iteration": found.iteration,
        "epoch": found.iteration // found.problem.batches_per_epoch,
        "sample": sample,
        "inputs": _column(found.inputs),
        "targets": _column(found.targets),
        "outputs": _column(found.outputs),
        "loss": found.loss,
        "layers": [
            _layer(network, number, layer, found.parameters)
            for number, layer in enumerate(found.layers, start=1)
        ],
        "input_gradients": _column(found.input_gradients),
    }


def _layer(network: Network, number: int, layer: LayerPass, theta: FloatArray) -> dict[str, Any]:
    bias, gradients = network.biases(theta)[number - 1], layer.bias_gradients
    return {
        "layer": number,
        "activation": network.layers[number - 1].activation,
        "weights": network.weights(theta)[number - 1].tolist(),
        "biases": None if bias is None else bias.tolist(),
        "inputs": _column(layer.inputs),
        "pre_activations": _column(layer.pre_activations),
        "activations": _column(layer.activations),
        "deltas": _column(layer.deltas),
        "weight_gradients": layer.weight_gradients.tolist(),
        "bias_gradients": None if gradients is None else gradients.tolist(),
        "input_gradients": _column(layer.input_gradients),
    }


def _column(values: FloatArray) -> list[float]:
    """The one sample of values (n, 1)."""
    column: list[float] = np.asarray(values)[:, 0].tolist()
    return column


# --- for people ---------------------------------------------------------------------------------


def print_report(told: dict[str, Any]) -> None:
    """The pass as lines, in the order in which it is computed: forward, the loss, back."""
    print(f"{told['preset']}: sample {told['sample']} after {told['iteration']:,} iterations")
    print("\nforward")
    _print_rows([("x", told["inputs"])])
    for layer in told["layers"]:
        number, activation = layer["layer"], layer["activation"]
        print(f"layer {number}: {len(layer['weights'])} units, {activation}")
        rows = [(f"z({number})", layer["pre_activations"]), (f"a({number})", layer["activations"])]
        _print_rows(rows)
    print("loss")
    _print_rows([("target", told["targets"]), ("L", [told["loss"]])])
    print("\nback")
    for layer in reversed(told["layers"]):
        number = layer["layer"]
        print(f"layer {number}")
        _print_rows([(f"delta({number})", layer["deltas"]), *_gradients(layer)])
    print("inputs")
    _print_rows([("dL/dx", told["input_gradients"])])


def _gradients(layer: dict[str, Any]) -> Iterator[tuple[str, list[float]]]:
    """A row for each unit's weights, then one for the biases."""
    number, matrix = layer["layer"], layer["weight_gradients"]
    for place in folded(len(matrix), ROWS):
        if isinstance(place, range):
            yield f"… {len(place):,} more units …", []
        else:
            yield f"dL/dw({number})[{place + 1},·]", matrix[place]
    if layer["bias_gradients"] is not None:
        yield f"dL/db({number})", layer["bias_gradients"]


def _print_rows(rows: list[tuple[str, list[float]]]) -> None:
    width = max(len(name) for name, _ in rows)
    for name, values in rows:
        cells = [
            f"… {len(place):,} more …" if isinstance(place, range) else output.number(values[place])
            for place in folded(len(values), WIDTH)
        ]
        print(f"  {name:<{width}}  {'  '.join(cells)}".rstrip())
