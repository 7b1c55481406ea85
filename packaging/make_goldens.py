"""Makes the golden numbers of tests/engine with PyTorch: python packaging/make_goldens.py

Needs torch and NumPy, nothing of bpgui. Data and initial parameters are drawn from NumPy's
RandomState, whose stream never changes, so that the golden file holds results only; the tests draw
the same numbers.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

TESTS = Path(__file__).parent.parent / "tests" / "engine"
GOLDENS = TESTS / "goldens.json"
PASSES = TESTS / "pass_goldens.json"

HYPERPARAMETERS: dict[str, dict[str, float]] = {
    "sgd": {"learning_rate": 0.2},
    "momentum": {"learning_rate": 0.1, "momentum": 0.9},
    "nesterov": {"learning_rate": 0.1, "momentum": 0.8},
    "adagrad": {"learning_rate": 0.1, "eps": 1e-10},
    "rmsprop": {"learning_rate": 0.02, "alpha": 0.95, "eps": 1e-8},
    "adam": {"learning_rate": 0.05, "beta1": 0.85, "beta2": 0.99, "eps": 1e-8},
}
BATCH_SIZES = (None, 1, 3, 7)  # of 10 samples: 3 and 7 leave a smaller last batch
# Hidden and output activation for each loss; the others of both tables follow from these.
PAIRINGS = (
    ("squared_error", "sigmoid", "identity"),
    ("half_squared_error", "tanh", "sigmoid"),
    ("mean_squared_error", "softplus", "tanh"),
    ("absolute_error", "elu", "identity"),
    ("huber", "leaky_relu", "softplus"),
    ("binary_cross_entropy", "relu", "sigmoid"),
    ("cross_entropy", "tanh", "softmax"),
)


def optimizer_cases() -> Iterator[dict[str, Any]]:
    """Every optimizer with every batch size."""
    for name, values in HYPERPARAMETERS.items():
        for batch_size in BATCH_SIZES:
            yield {
                "name": f"{name}-{batch_size or 'full'}",
                "layers": [[3, 5, "tanh", "trained"], [5, 2, "sigmoid", "trained"]],
                "loss": "half_squared_error",
                "reduction": "mean",
                "optimizer": {"name": name, **values},
                "batch_size": batch_size,
                "epochs": 12,
                "samples": 10,
                "seed": 1,
            }


def loss_cases() -> Iterator[dict[str, Any]]:
    """Every loss with both reductions, fixed or missing biases, and penalties."""
    for loss, hidden, output in PAIRINGS:
        for reduction, bias in (("mean", "none"), ("sum", "fixed")):
            yield {
                "name": f"{loss}-{reduction}",
                "layers": [[3, 4, hidden, bias], [4, 3, output, "trained"]],
                "loss": loss,
                "reduction": reduction,
                "optimizer": {"name": "sgd", "learning_rate": 0.02},
                "batch_size": 4,
                "l1": 0.01,
                "l2": 0.1,
                "epochs": 8,
                "samples": 10,
                "seed": 2,
            }


def three_classes() -> dict[str, Any]:
    """20-13-8-3 on 500 samples of 20 features uniform on [0, 100), random classes of three."""
    return {
        "name": "three-classes",
        "layers": [
            [20, 13, "relu", "none"],
            [13, 8, "sigmoid", "none"],
            [8, 3, "softmax", "trained"],
        ],
        "loss": "cross_entropy",
        "reduction": "mean",
        "optimizer": {"name": "sgd", "learning_rate": 0.01},
        "batch_size": None,
        "epochs": 1,
        "samples": 500,
        "scale": 100.0,
        "weights": 0.1,
        "seed": 3,
    }


def pass_cases() -> Iterator[dict[str, Any]]:
    """Single passes: every activation in a hidden layer, every loss, and three classes."""
    for hidden in ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus"):
        yield {
            "name": f"hidden-{hidden}",
            "layers": [[3, 4, hidden, "trained"], [4, 3, hidden, "none"], [3, 2, "tanh", "fixed"]],
            "loss": "half_squared_error",
            "reduction": "mean",
            "samples": 6,
            "seed": 4,
        }
    for case in loss_cases():
        yield {**case, "l1": 0.0, "l2": 0.0, "seed": 5}
    yield three_classes()


def cases() -> list[dict[str, Any]]:
    """All of them."""
    return [*optimizer_cases(), *loss_cases(), three_classes()]


def draw(case: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, list[Any], list[Any]]:
    """Inputs (n, features), one-hot targets (n, outputs), and weights and biases per layer."""
    random = np.random.RandomState(case["seed"])
    samples, scale, size = case["samples"], case.get("scale", 1.0), case.get("weights", 1.0)
    inputs = random.uniform(0.0, scale, (samples, case["layers"][0][0]))
    outputs = case["layers"][-1][1]
    targets = np.eye(outputs)[random.randint(outputs, size=samples)]
    weights, biases = [], []
    for sources, units, _, bias in case["layers"]:
        weights.append(random.uniform(-size, size, (units, sources)))
        biases.append(None if bias == "none" else random.uniform(-size, size, units))
    return inputs, targets, weights, biases


def train(case: dict[str, Any]) -> dict[str, Any]:
    """What PyTorch makes of a case: parameters at the end, last gradients, and each loss.

    Weights and biases are nested per layer as in a preset; gradients are those of the last
    iteration, of its objective with penalties, also where a bias is fixed.
    """
    torch: Any = importlib.import_module("torch")
    inputs, targets, *parameters = draw(case)
    x, t = torch.from_numpy(inputs), torch.from_numpy(targets)
    weights: list[Any]
    biases: list[Any]
    weights, biases = (
        [
            None if values is None else torch.from_numpy(values.copy()).requires_grad_()
            for values in part
        ]
        for part in parameters
    )
    trained = [
        *weights,
        *(b for b, layer in zip(biases, case["layers"], strict=True) if layer[3] == "trained"),
    ]
    optimizer = _optimizer(torch, trained, case["optimizer"])
    size = case["batch_size"] or len(x)
    losses = []
    for _ in range(case["epochs"]):
        for start in range(0, len(x), size):
            for values in (*weights, *biases):
                if values is not None:
                    values.grad = None
            batch = slice(start, start + size)
            loss = _objective(torch, case, weights, biases, x[batch], t[batch])
            loss.backward()
            losses.append(loss.item())
            optimizer.step()
    return {
        "weights": [values.tolist() for values in weights],
        "biases": [None if values is None else values.tolist() for values in biases],
        "weight_gradients": [values.grad.tolist() for values in weights],
        "bias_gradients": [None if values is None else values.grad.tolist() for values in biases],
        "losses": losses,
    }


def _optimizer(torch: Any, parameters: list[Any], settings: dict[str, Any]) -> Any:
    values = dict(settings)
    name, rate = values.pop("name"), values.pop("learning_rate")
    if name == "adam":
        betas = values.pop("beta1"), values.pop("beta2")
        return torch.optim.Adam(parameters, lr=rate, betas=betas, **values)
    if name == "nesterov":
        return torch.optim.SGD(parameters, lr=rate, nesterov=True, **values)
    classes = {
        "sgd": torch.optim.SGD,
        "momentum": torch.optim.SGD,
        "adagrad": torch.optim.Adagrad,
        "rmsprop": torch.optim.RMSprop,
    }
    return classes[name](parameters, lr=rate, **values)


def _objective(
    torch: Any, case: dict[str, Any], weights: list[Any], biases: list[Any], x: Any, t: Any
) -> Any:
    """The reduced loss of a batch with its penalties, by PyTorch's own functions."""
    each = _losses(torch, case, _forward(torch, case, weights, biases, x)[-1], t)
    penalty = sum(
        case.get("l2", 0.0) / 2 * (weight**2).sum() + case.get("l1", 0.0) * weight.abs().sum()
        for weight in weights
    )
    return (each.mean() if case["reduction"] == "mean" else each.sum()) + penalty


def _forward(
    torch: Any, case: dict[str, Any], weights: list[Any], biases: list[Any], x: Any
) -> list[tuple[Any, Any]]:
    """Pre-activations and activations of each layer, both (batch, units)."""
    functions = torch.nn.functional
    activations = {
        "identity": lambda z: z,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "leaky_relu": lambda z: functions.leaky_relu(z, 0.01),
        "elu": functions.elu,
        "softplus": functions.softplus,
        "softmax": lambda z: torch.softmax(z, dim=1),
    }
    found = []
    a = x
    for (_, _, activation, _), weight, bias in zip(case["layers"], weights, biases, strict=True):
        z = functions.linear(a, weight, bias)
        a = activations[activation](z)
        found.append((z, a))
    return found


def _losses(torch: Any, case: dict[str, Any], last: tuple[Any, Any], t: Any) -> Any:
    """The loss of each sample, from the pre-activations and activations of the last layer."""
    functions = torch.nn.functional
    z, a = last
    losses = {
        "squared_error": lambda: ((a - t) ** 2).sum(1),
        "half_squared_error": lambda: ((a - t) ** 2).sum(1) / 2,
        "mean_squared_error": lambda: functions.mse_loss(a, t, reduction="none").mean(1),
        "absolute_error": lambda: functions.l1_loss(a, t, reduction="none").sum(1),
        "huber": lambda: functions.huber_loss(a, t, reduction="none").sum(1),
        "binary_cross_entropy": lambda: functions.binary_cross_entropy_with_logits(
            z, t, reduction="none"
        ).sum(1),
        "cross_entropy": lambda: functions.cross_entropy(z, t, reduction="none"),
    }
    return losses[case["loss"]]()


def passes(case: dict[str, Any], sample: int) -> dict[str, Any]:
    """What PyTorch finds on the way of one sample through the network and back.

    Per layer pre-activations, activations, deltas dL/dz and gradients, then dL/dx and the loss of
    this sample alone, whatever the reduction.
    """
    torch: Any = importlib.import_module("torch")
    inputs, targets, *parameters = draw(case)
    x = torch.from_numpy(inputs[sample : sample + 1]).requires_grad_()
    t = torch.from_numpy(targets[sample : sample + 1])
    weights: list[Any]
    biases: list[Any]
    weights, biases = (
        [None if part is None else torch.from_numpy(part).requires_grad_() for part in parts]
        for parts in parameters
    )
    layers = _forward(torch, case, weights, biases, x)
    for z, _ in layers:
        z.retain_grad()
    loss = _losses(torch, case, layers[-1], t).sum()
    loss.backward()
    return {
        "loss": loss.item(),
        "pre_activations": [z[0].tolist() for z, _ in layers],
        "activations": [a[0].tolist() for _, a in layers],
        "deltas": [z.grad[0].tolist() for z, _ in layers],
        "weight_gradients": [weight.grad.tolist() for weight in weights],
        "bias_gradients": [None if bias is None else bias.grad.tolist() for bias in biases],
        "input_gradients": x.grad[0].tolist(),
    }


def main() -> None:
    """Write the golden files, those of passes for the sample 2."""
    _write(GOLDENS, [(case, train(case)) for case in cases()])
    _write(PASSES, [(case, passes(case, 2)) for case in pass_cases()])


def _write(path: Path, results: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    lines = [
        f"{json.dumps(case['name'])}: {json.dumps({'case': case, 'result': result})}"
        for case, result in results
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
