"""Arrays as the text of a program, with every digit, or in a file beside it if they are many."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

import numpy as np

from bpgui.engine.network import FloatArray
from bpgui.exporting.recipe import Recipe

MOST_IN_TEXT = 2000  # numbers; more lie beside the script
WIDTH = 80


@dataclass(frozen=True, slots=True)
class Maker:
    """How one library makes an array of a list, and of an array of NumPy's."""

    listed: str
    loaded: str


NUMPY = Maker("np.array({}, dtype=DTYPE)", "{}")
TORCH = Maker("torch.tensor({}, dtype=DTYPE)", "torch.from_numpy({})")


def full_biases(recipe: Recipe, theta: FloatArray) -> list[FloatArray]:
    """Per layer (units,); zeros where a layer has none."""
    network = recipe.problem.network
    return [
        np.zeros(layer.units, theta.dtype) if biases is None else biases
        for layer, biases in zip(network.layers, network.biases(theta), strict=True)
    ]


def arrays_of(recipe: Recipe) -> dict[str, FloatArray | list[FloatArray]]:
    """The samples, and per layer the parameters to begin with and those to arrive at."""
    problem, network = recipe.problem, recipe.problem.network
    return {
        "X": problem.train.inputs,
        "T": problem.train.targets,
        "W": network.weights(problem.initial),
        "b": full_biases(recipe, problem.initial),
        "EXPECTED_W": network.weights(recipe.parameters),
        "EXPECTED_B": full_biases(recipe, recipe.parameters),
    }


def in_text(arrays: Mapping[str, FloatArray | list[FloatArray]]) -> bool:
    """Whether a script can hold the numbers itself and still be read."""
    return sum(array.size for _, array in _named(arrays)) <= MOST_IN_TEXT


def beside(arrays: Mapping[str, FloatArray | list[FloatArray]]) -> bytes:
    """The same as a .npz, lists as X1, X2, … by their layer."""
    file = BytesIO()
    np.savez_compressed(file, **dict(_named(arrays)))  # type: ignore[arg-type]
    return file.getvalue()


def _named(
    arrays: Mapping[str, FloatArray | list[FloatArray]],
) -> Iterator[tuple[str, FloatArray]]:
    for name, value in arrays.items():
        if isinstance(value, list):
            yield from ((f"{name}{layer}", array) for layer, array in enumerate(value, 1))
        else:
            yield name, value


def assignment(name: str, value: FloatArray | list[FloatArray], maker: Maker, inside: bool) -> str:
    """`name = …`, with the numbers, or out of `data`, which the script has loaded."""
    if not isinstance(value, list):
        text = written(value, maker, 0) if inside else maker.loaded.format(f'data["{name}"]')
        return f"{name} = {text}\n"
    if inside:
        lines = "".join(
            f"    {written(array, maker, 4)},  # layer {layer}\n"
            for layer, array in enumerate(value, 1)
        )
        return f"{name} = [\n{lines}]\n"
    loaded = maker.loaded.format(f'data[f"{name}{{layer}}"]')
    return f"{name} = [{loaded} for layer in range(1, {len(value) + 1})]\n"


def written(array: FloatArray, maker: Maker, indent: int) -> str:
    """An expression that makes the array to the bit."""
    margin = " " * (indent + 4)
    if array.ndim == 1:
        inner = _row(array, margin)
    else:
        rows = ",\n".join(margin + _row(row, margin + " ") for row in array)
        inner = f"[\n{rows},\n{' ' * indent}]"
        if len(array) == 1 and len(_row(array[0], "")) < WIDTH:
            inner = f"[{_row(array[0], '')}]"
    return maker.listed.format(inner)


def _row(values: FloatArray, margin: str) -> str:
    text = ", ".join(map(repr, values.tolist()))
    return f"[{textwrap.fill(text, WIDTH - len(margin), break_long_words=False)}]".replace(
        "\n", f"\n{margin}"
    )
