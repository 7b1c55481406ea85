"""bpgui explain: every intermediate number of one sample's pass through the network and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from bpgui.commands import output
from bpgui.commands.source import check_sample, load_problem
from bpgui.commands.train import failed, trained
from bpgui.engine.derivation import Derivation, LayerPass, derive
from bpgui.engine.network import FloatArray, Network
from bpgui.views.folding import folded
from bpgui.views.formulas import explain
from bpgui.views.rendering import as_text
from bpgui.views.walkthrough import Step, StepKind, numbers_of, steps
from bpgui.views.writing import Style

SHOWN = 8  # numbers of a step that are printed; --json prints all
TERMS = 6  # of a sum
TITLES: dict[StepKind, str] = {
    "input": "input",
    "loss": "loss",
    "delta": "layer {layer}: delta = dL/dz",
    "w_gradient": "layer {layer}: gradients of the weights",
    "b_gradient": "layer {layer}: gradients of the biases",
    "input_gradient": "gradients of the input",
    "update": "layer {layer}: new values, had the batch been this sample alone",
}


def run(preset: str, sample: int, iterations: int, as_json: bool) -> int:
    """The command; returns the exit code and raises InputError."""
    name, problem = load_problem(preset)
    check_sample(preset, problem, sample)
    outcome = trained(problem, iterations)
    if outcome.divergence is not None:
        return failed(preset, outcome.divergence)
    state = outcome.state
    found = derive(problem, state.parameters, [sample], state.slots, state.iteration)
    if as_json:
        output.print_json(report(name, sample, found))
    else:
        print_report(name, found)
    return output.DONE


def report(name: str, sample: int, found: Derivation) -> dict[str, Any]:
    """The JSON object of `explain --json`.

    Loss, deltas and gradients are those of this sample's own loss, without the penalties: a batch
    of one. A layer's input_gradients are dL/d of what it takes in. Where the network sees features,
    `inputs` are their values, and data_inputs those of the sample; else both are the same.
    """
    problem, network = found.problem, found.problem.network
    return {
        "preset": name,
        "iteration": found.iteration,
        "epoch": found.iteration // found.problem.batches_per_epoch,
        "sample": sample,
        "features": problem.features and list(problem.features.names),
        "data_inputs": problem.train.data_inputs[sample].tolist(),
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


def print_report(name: str, found: Derivation) -> None:
    """The pass in the order in which it is computed: each number with its rule and its digits."""
    sample, iteration = int(found.samples[0]), found.iteration
    print(f"{name}: sample {sample} after {iteration:,} iterations")
    for step in steps(found.problem.network):
        print(f"\n{_title(found.problem.network, step)}")
        numbers = numbers_of(found, step)
        for place in folded(len(numbers), SHOWN):
            if isinstance(place, range):
                print(f"  … {len(place):,} more …")
                continue
            lines = as_text(explain(found, numbers[place]), Style(most=TERMS)).splitlines()
            print("\n".join(f"  {line}" for line in lines))


def _title(network: Network, step: Step) -> str:
    if step.kind == "z":
        return f"layer {step.layer}: z of its {network.layers[step.layer - 1].units} units"
    if step.kind == "a":
        return f"layer {step.layer}: a, by {network.layers[step.layer - 1].activation}"
    return TITLES[step.kind].format(layer=step.layer)
