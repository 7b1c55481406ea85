"""The parameters that training found, as the initial weights of a preset."""

from __future__ import annotations

import numpy as np

from bpgui.engine.network import FloatArray
from bpgui.experiment import models
from bpgui.experiment.errors import PresetError
from bpgui.experiment.parsing import MAX_BYTES
from bpgui.experiment.presets import dumps
from bpgui.experiment.rules import shape_of
from bpgui.exporting.recipe import ExportError

LONGEST_NAME = 200


def with_trained_weights(
    experiment: models.Experiment, parameters: FloatArray, iteration: int
) -> models.Experiment:
    """The experiment that begins with theta (size,), to the bit; its name tells the iteration.

    Raises ExportError where that would be no preset.
    """
    if not np.isfinite(parameters).all():
        raise ExportError(
            "A parameter is not finite, so that no training can begin with these weights."
        )
    network = shape_of(experiment.network)
    weights = models.Manual(
        weights=tuple(tuple(map(tuple, matrix.tolist())) for matrix in network.weights(parameters)),
        biases=tuple(
            None if row is None else tuple(row.tolist()) for row in network.biases(parameters)
        ),
    )
    told = f" after {iteration:,} iteration{'' if iteration == 1 else 's'}"
    name = (experiment.name or "Untitled")[: LONGEST_NAME - len(told)] + told
    return experiment.model_copy(update={"name": name, "initial_weights": weights})


def preset_bytes(experiment: models.Experiment) -> bytes:
    """The preset file. Raises ExportError where it could not be opened again."""
    try:
        content = dumps(experiment).encode()
    except PresetError as error:
        raise ExportError("\n".join(problem.message for problem in error.problems)) from None
    if len(content) > MAX_BYTES:
        raise ExportError(
            f"With {len(content) // 2**20:,} MB the preset would be larger than can be opened "
            f"again ({MAX_BYTES // 2**20:,} MB); the .npz of the run holds the weights, too."
        )
    return content
