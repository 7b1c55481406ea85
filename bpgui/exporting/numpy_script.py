"""The training as a NumPy program that reads like a textbook."""

from __future__ import annotations

from textwrap import indent

from bpgui.exporting.literals import NUMPY
from bpgui.exporting.recipe import Recipe
from bpgui.exporting.scripts import (
    Script,
    assembled,
    batches,
    ending,
    frozen,
    training,
)

# name -> the activation a of a pre-activation z, and the slope da/dz, told by a
ACTIVATIONS: dict[str, tuple[str, str]] = {
    "identity": ("z", "np.ones_like(a)"),
    "sigmoid": ("1 / (1 + np.exp(-z))", "a * (1 - a)"),
    "tanh": ("np.tanh(z)", "1 - a**2"),
    "relu": ("np.maximum(z, 0)", "np.where(a > 0, 1, 0).astype(DTYPE)"),
    "leaky_relu": ("np.where(z > 0, z, 0.01 * z)", "np.where(a > 0, 1, 0.01).astype(DTYPE)"),
    "elu": (
        "np.where(z > 0, z, np.expm1(np.minimum(z, 0)))",
        "np.where(a > 0, 1, a + 1)",
    ),
    "softplus": ("np.logaddexp(z, 0)", "-np.expm1(-a)"),
    "softmax": (
        "np.exp(z - z.max(axis=1, keepdims=True))\n    return e / e.sum(axis=1, keepdims=True)",
        "",
    ),
}

# name -> what leads to the loss of a batch, the loss, and dL/da
LOSSES: dict[str, tuple[str, str, str]] = {
    "squared_error": ("", "np.sum((a - t) ** 2)", "2 * (a - t)"),
    "half_squared_error": ("", "np.sum((a - t) ** 2) / 2", "a - t"),
    "mean_squared_error": (
        "",
        "np.sum((a - t) ** 2) / a.shape[1]",
        "2 * (a - t) / a.shape[1]",
    ),
    "absolute_error": ("", "np.sum(np.abs(a - t))", "np.sign(a - t)"),
    "huber": (
        "e = a - t\nc = np.clip(e, -1, 1)\n",
        "np.sum(c * (e - c / 2))",
        "np.clip(a - t, -1, 1)",
    ),
    "binary_cross_entropy": (
        "",
        "-np.sum(times_log(t, a) + times_log(1 - t, 1 - a))",
        "ratio(1 - t, 1 - a) - ratio(t, a)",
    ),
    "cross_entropy": ("", "-np.sum(times_log(t, a))", "-ratio(t, a)"),
}

# The same in the pre-activations z of the output, and dL/dz.
FUSED: dict[str, tuple[str, str, str]] = {
    "binary_cross_entropy": (
        "# With a = sigmoid(z), written in z so that nothing overflows.\n",
        "np.sum(np.maximum(z, 0) - t * z + np.log1p(np.exp(-np.abs(z))))",
        "a - t",
    ),
    "cross_entropy": (
        "# With a = softmax(z), written in z so that nothing overflows.\n"
        "z = z - z.max(axis=1, keepdims=True)\n",
        "np.sum(t * (np.log(np.exp(z).sum(axis=1, keepdims=True)) - z))",
        "a * t.sum(axis=1, keepdims=True) - t",
    ),
}

LOGARITHMS = '''

def times_log(factor, x):
    """factor * log(x), 0 where the factor is 0."""
    return factor * np.log(np.where(factor == 0, 1, x))


def ratio(numerator, denominator):
    """0 where the numerator is 0."""
    return numerator / np.where(numerator == 0, 1, denominator)
'''

# name -> the names of what is kept for each parameter, and the rule
OPTIMIZERS: dict[str, tuple[tuple[str, ...], str]] = {
    "sgd": ((), "p -= LEARNING_RATE * g"),
    "momentum": (("velocity",), "v[...] = MOMENTUM * v + g\np -= LEARNING_RATE * v"),
    "nesterov": (
        ("velocity",),
        "v[...] = MOMENTUM * v + g\np -= LEARNING_RATE * (g + MOMENTUM * v)",
    ),
    "adagrad": (("square_sum",), "v += g**2\np -= LEARNING_RATE * g / (np.sqrt(v) + EPS)"),
    "rmsprop": (
        ("square_mean",),
        "v[...] = ALPHA * v + (1 - ALPHA) * g**2\np -= LEARNING_RATE * g / (np.sqrt(v) + EPS)",
    ),
    "adam": (
        ("mean", "square_mean"),
        "m += (1 - BETA1) * (g - m)\n"
        "v[...] = BETA2 * v + (1 - BETA2) * g**2\n"
        "size = np.sqrt(v) / math.sqrt(1 - BETA2**t) + EPS\n"
        "p -= LEARNING_RATE / (1 - BETA1**t) * m / size",
    ),
}


def numpy_script(recipe: Recipe, data_name: str) -> Script:
    """The program; `data_name` is that of the .npz beside it, should it need one."""
    code = "".join(
        (
            _activations(recipe),
            _forward(),
            _loss(recipe),
            _objective(recipe),
            _backward(recipe),
            _update(recipe),
            batches(recipe),
            training(
                recipe,
                "z, a = forward(inputs)",
                "data_loss(z, a[-1], targets)",
                ["dW, db = backward(a, targets)", "update([*dW, *db], iteration)"],
            ),
            ending("zip(W, b)", "np.testing.assert_allclose"),
        )
    )
    standard = [name for name in ("itertools", "math") if f"{name}." in code]
    imports = "".join(f"import {name}\n" for name in standard)
    imports += "\n" * bool(standard) + "import numpy as np\n\n"
    return assembled(recipe, "in plain NumPy", imports, "np", NUMPY, data_name, code)


def _activations(recipe: Recipe) -> str:
    used = dict.fromkeys(layer.activation for layer in recipe.problem.network.layers)
    text = ""
    for name in used:
        formula, slope = ACTIVATIONS[name]
        begin = "e =" if name == "softmax" else "return"
        text += f"\n\ndef {name}(z):\n    {begin} {formula}\n"
        if slope:
            text += f"\n\ndef {name}_slope(a):\n    return {slope}\n"
    names = [layer.activation for layer in recipe.problem.network.layers]
    hidden = "".join(f"{name}_slope, " for name in names[:-1])
    text += f"\n\nACTIVATIONS = [{', '.join(names)}]\n"
    return text + (f"HIDDEN_SLOPES = [{hidden.rstrip(', ')}]\n" if hidden else "")


def _forward() -> str:
    return '''

def forward(inputs):
    """The last pre-activations, and the inputs with the activations of all layers; a row for each
    sample."""
    a = [inputs]
    for weights, biases, activation in zip(W, b, ACTIVATIONS):
        z = a[-1] @ weights.T + biases
        a.append(activation(z))
    return z, a
'''


def _loss(recipe: Recipe) -> str:
    problem = recipe.problem
    before, value, slope = (FUSED if recipe.fused else LOSSES)[problem.loss]
    helpers = LOGARITHMS if "times_log" in value else ""
    last = problem.network.layers[-1].activation
    over, told = (" / len(t)", "mean") if recipe.mean else ("", "sum")
    if recipe.fused:
        delta = f"    return ({slope}){over}\n"
    elif last == "softmax":
        delta = (
            f"    slope = ({slope}){over}  # dL/da\n"
            "    return a * (slope - np.sum(a * slope, axis=1, keepdims=True))\n"
        )
    else:
        delta = f"    return ({slope}){over} * {last}_slope(a)\n"
    return (
        f"{helpers}\n\ndef data_loss(z, a, t):\n"
        f'    """The {problem.loss.replace("_", " ")} of outputs a with targets t: '
        f'the {told} over the samples."""\n'
        f"{indent(before, '    ')}    return {value}{over}\n"
        f'\n\ndef output_delta(a, t):\n    """dL/dz of the output layer."""\n{delta}'
    )


def _objective(recipe: Recipe) -> str:
    settings = recipe.problem.settings
    lines = ["z, a = forward(X)", "value = data_loss(z, a[-1], T)"]
    if settings.l2:
        lines.append("value += L2 / 2 * sum(np.sum(weights**2) for weights in W)")
    if settings.l1:
        lines.append("value += L1 * sum(np.sum(np.abs(weights)) for weights in W)")
    told = ", with the penalties on large weights" if len(lines) > 2 else ""
    lines.append("return float(value)")
    return f'\n\ndef objective():\n    """The loss over all samples{told}."""\n' + "".join(
        f"    {line}\n" for line in lines
    )


def _backward(recipe: Recipe) -> str:
    settings, layers = recipe.problem.settings, recipe.problem.network.layers
    gradient = "delta.T @ a[layer]"
    gradient += " + L2 * W[layer]" if settings.l2 else ""
    gradient += " + L1 * np.sign(W[layer])" if settings.l1 else ""
    lines = [
        "dW, db = [None] * len(W), [None] * len(W)",
        "delta = output_delta(a[-1], t)",
        "for layer in reversed(range(len(W))):",
        f"    dW[layer] = {gradient}",
        "    db[layer] = delta.sum(axis=0)",
    ]
    if len(layers) > 1:
        lines += [
            "    if layer > 0:",
            "        delta = (delta @ W[layer]) * HIDDEN_SLOPES[layer - 1](a[layer])",
        ]
    lines += [*_held(recipe), "return dW, db"]
    return (
        '\n\ndef backward(a, t):\n    """The gradients of all weights and biases, '
        'from the output back to the input."""\n'
    ) + "".join(f"    {line}\n" for line in lines)


def _held(recipe: Recipe) -> list[str]:
    """What takes the gradients of parameters that are not trained."""
    without = [
        f"db[{number}][:] = 0.0  # the biases of layer {number + 1} are fixed"
        if layer.bias == "fixed"
        else f"db[{number}][:] = 0.0  # layer {number + 1} has no biases"
        for number, layer in enumerate(recipe.problem.network.layers)
        if layer.bias != "trained"
    ]
    return without + frozen(recipe, "dW[{layer}]", "db[{layer}]")


def _update(recipe: Recipe) -> str:
    name = recipe.problem.settings.optimizer.name
    kept, rule = OPTIMIZERS[name]
    short = {"mean": "m"}
    letters = "".join(f", {short.get(slot, 'v')}" for slot in kept)
    slots = "".join(f"{slot} = [np.zeros_like(p) for p in parameters]\n" for slot in kept)
    sources = "".join(f", {slot}" for slot in kept)
    count = "    t = iteration + 1\n" if name == "adam" else ""
    return (
        f"\n\nparameters = [*W, *b]\n{slots}\n\ndef update(gradients, iteration):\n"
        f'    """One step of {name}."""\n{count}'
        f"    for p, g{letters} in zip(parameters, gradients{sources}):\n" + indent(rule, " " * 8)
    ) + "\n"
