"""What both kinds of script have in common: their beginning, their numbers, the order of batches,
and how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import dedent, fill

import numpy as np

from bpgui.engine.network import Parameter
from bpgui.exporting.literals import Maker, arrays_of, assignment, beside, in_text
from bpgui.exporting.recipe import Recipe
from bpgui.exporting.rounding import LEAST, ROOM
from bpgui.views.outer_names import outer_names

LINES = 20  # that a script prints of its loss
DIGITS = {"float64": 16, "float32": 7}
NAMES_TOLD = 100  # of inputs or targets

HYPERPARAMETERS = {
    "learning_rate": "LEARNING_RATE",
    "momentum": "MOMENTUM",
    "alpha": "ALPHA",
    "beta1": "BETA1",
    "beta2": "BETA2",
    "eps": "EPS",
}


@dataclass(frozen=True, slots=True)
class Script:
    """A program, and the content of the .npz that lies beside it, None where it needs none."""

    text: str
    data: bytes | None


def assembled(
    recipe: Recipe, title: str, imports: str, dtype: str, maker: Maker, data_name: str, code: str
) -> Script:
    """The script from its own `code` and from what both kinds share."""
    arrays = arrays_of(recipe)
    inside = in_text(arrays)
    numbers = {name: assignment(name, value, maker, inside) for name, value in arrays.items()}
    if inside:
        load = ""
    else:
        imports = "from pathlib import Path\n\n" + imports
        load = f'\ndata = np.load(Path(__file__).with_name("{data_name}"))\n'
    parts = [
        header(recipe, title, "" if inside else data_name),
        imports,
        constants(recipe, dtype),
        load,
        "\n# The samples: a row of inputs and a row of targets for each.\n",
        columns_told(recipe),
        numbers["X"] + numbers["T"],
        "\n# The initial parameters. In W[l][j, k] of a layer, row j is the receiving unit and\n"
        "# column k the sending unit; b[l][j] is the bias of unit j.\n",
        numbers["W"] + numbers["b"],
        "\n# Where bpgui arrived.\n",
        f"EXPECTED_LOSS = {float(recipe.loss)!r}\n",
        numbers["EXPECTED_W"] + numbers["EXPECTED_B"],
        code,
    ]
    return Script("".join(parts), None if inside else beside(arrays))


def header(recipe: Recipe, title: str, data_name: str) -> str:
    """The docstring: what this is, and why the tolerance is what it is."""
    precision = recipe.problem.dtype.name
    name = " ".join(recipe.name.split()).replace("\\", "/").replace('"', "'") or "A network"
    kept = f" Its numbers are in {data_name}, which must lie beside it." if data_name else ""
    paragraphs = (
        f"{name}: trained {title} as bpgui trained it.",
        "It starts from the same weights, takes the same samples in the same order, does "
        f"{counted(recipe.iterations, 'iteration')}, and checks that it arrives at the digits "
        f"that bpgui showed.{kept}",
        f"Numbers of {precision} carry {DIGITS[precision]} digits. Sums that are added up in "
        "another order differ in the last of them, and training carries such differences on. "
        + rounding(recipe),
    )
    return '"""' + "\n\n".join(fill(text, 92) for text in paragraphs) + '\n"""\n\n'


def rounding(recipe: Recipe) -> str:
    """Why the tolerance is what it is."""
    least = LEAST[recipe.problem.dtype.name]
    if recipe.tolerance is None:
        return (
            f"TOLERANCE = {least:g} leaves room for that where training does not make them grow, "
            "which was not tried out for so long a training."
        )
    if recipe.tolerance > least:
        return (
            "This one makes them grow: numbers changed in the last digit led to weights that "
            f"differ by up to {recipe.tolerance / ROOM:.0e}. TOLERANCE = {recipe.tolerance:g} "
            "leaves room for that."
        )
    return f"TOLERANCE = {least:g} leaves room for that, and none for another formula."


def columns_told(recipe: Recipe) -> str:
    """Comments that name inputs and targets, as far as the data does."""
    names = outer_names(recipe.problem)
    given = (("Inputs", names.inputs), ("Targets", names.outputs))
    return "".join(_listed(what, columns) for what, columns in given if columns)


def _listed(what: str, names: Sequence[str]) -> str:
    told = ", ".join(" ".join(name.split()) for name in names[:NAMES_TOLD])
    told += ", …" if len(names) > NAMES_TOLD else "."
    return fill(f"{what}: {told}", 92, initial_indent="# ", subsequent_indent="# ") + "\n"


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def constants(recipe: Recipe, dtype: str) -> str:
    """The settings, by their names."""
    problem, settings = recipe.problem, recipe.problem.settings
    stop = settings.stop
    lines = [f"DTYPE = {dtype}.{problem.dtype.name}"]
    if stop.max_epochs is None:
        lines.append(f"ITERATIONS = {recipe.iterations}")
    else:
        told = counted(stop.max_epochs, "epoch")
        lines.append(f"ITERATIONS = {recipe.iterations}  # of {told} at most")
    if recipe.batched:
        lines.append(f"BATCH_SIZE = {problem.batch_size}")
        lines.append(f"BATCHES_PER_EPOCH = {problem.batches_per_epoch}")
        if problem.shuffle:
            lines.append(f"SEED = {problem.seed}  # of the order of the samples")
    lines += [f"{HYPERPARAMETERS[key]} = {v!r}" for key, v in settings.optimizer.values.items()]
    lines += [f"{name} = {v!r}" for name, v in (("L1", settings.l1), ("L2", settings.l2)) if v]
    if stop.loss_below is not None:
        lines.append(f"LOSS_BELOW = {stop.loss_below!r}  # ends the training")
    lines.append(f"TOLERANCE = {recipe.tolerance or LEAST[problem.dtype.name]:g}")
    return "\n".join(lines) + "\n"


def batches(recipe: Recipe) -> str:
    """A generator of the indices of each batch, for a problem that has several in an epoch."""
    if not recipe.batched:
        return ""
    order = "np.arange(len(X))"
    told = "as the data lie"
    if recipe.problem.shuffle:
        order = "np.random.default_rng([SEED, epoch]).permutation(len(X))"
        told = "in a new order each"
    return dedent(f'''

        def batches():
            """The samples of each batch, without end: epoch 0, 1, … {told}."""
            for epoch in itertools.count():
                order = {order}
                for start in range(0, len(X), BATCH_SIZE):
                    yield order[start : start + BATCH_SIZE]
        ''')


def frozen(recipe: Recipe, weights: str, biases: str) -> list[str]:
    """What takes the gradients of the parameters that the user holds; those of fixed biases are not
    among them. `weights` and `biases` are the gradients of a {layer}, which counts from 0."""
    network, held = recipe.problem.network, recipe.problem.settings.frozen
    if held is None:
        return []
    found = map(network.parameter, np.flatnonzero(held & network.is_trained).tolist())
    return [f"{_place(each, weights, biases)} = 0.0  # {each.name} is frozen" for each in found]


def _place(parameter: Parameter, weights: str, biases: str) -> str:
    layer, unit = parameter.layer - 1, parameter.unit - 1
    if parameter.source is None:
        return f"{biases.format(layer=layer)}[{unit}]"
    return f"{weights.format(layer=layer)}[{unit}, {parameter.source - 1}]"


def ending(found: str, testing: str) -> str:
    """What is printed and checked at the end: `loss`, and `found`, pairs of weights and biases."""
    return dedent(f"""

        def check(found, expected):
            {testing}(found, expected, rtol=TOLERANCE, atol=TOLERANCE)


        loss = objective()
        print(f"loss after {{ITERATIONS:,}} iterations: {{loss!r}}, in bpgui {{EXPECTED_LOSS!r}}")
        check(loss, EXPECTED_LOSS)
        for layer, (weights, biases) in enumerate({found}):
            check(weights, EXPECTED_W[layer])
            check(biases, EXPECTED_B[layer])
            print(f"layer {{layer + 1}}: weights and biases agree")
        print("These are the digits that bpgui showed.")
        """)


def training(recipe: Recipe, forward: str, loss: str, update: list[str]) -> str:
    """The loop of iterations: each goes `forward` with `inputs`, and updates."""
    lines = ["inputs, targets = X, T", "for iteration in range(ITERATIONS):"]
    if recipe.batched:
        lines = [
            "for iteration, batch in zip(range(ITERATIONS), batches()):",
            "    inputs, targets = X[batch], T[batch]",
        ]
    if recipe.problem.settings.stop.loss_below is not None:
        at_start = "iteration % BATCHES_PER_EPOCH == 0 and " if recipe.batched else ""
        lines += [
            f"    if {at_start}objective() < LOSS_BELOW:",
            '        raise AssertionError(f"the loss is low enough at iteration {iteration:,}")',
        ]
    report = max(1, recipe.iterations // LINES)
    lines += [
        f"    {forward}",
        f"    if iteration % {report} == 0:",
        f'        print(f"iteration {{iteration:,}}: loss {{{loss}:.6g}}")',
        *(f"    {step}" for step in update),
    ]
    return "\n\n" + "\n".join(lines) + "\n"
