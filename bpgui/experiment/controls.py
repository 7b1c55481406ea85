"""The names by which a lesson calls what it locks or hides.

A section of the experiment editor has a name of its own, its fields have their places in the
preset: `network.layers` is how many layers there are and in which order, `data.reading` how a CSV
file is read. Panels and commands have a prefix.
"""

from __future__ import annotations

from collections.abc import Mapping

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "about": ("name", "description"),
    "network": (
        "network.inputs",
        "network.layers",
        "network.layers.units",
        "network.layers.activation",
        "network.layers.bias",
    ),
    "initial_weights": (
        "initial_weights.scheme",
        "initial_weights.low",
        "initial_weights.high",
        "initial_weights.mean",
        "initial_weights.std",
        "initial_weights.value",
        "initial_weights.bias",
        "initial_weights.seed",
        "initial_weights.weights",
        "initial_weights.biases",
    ),
    "data": (
        "data.source",
        "data.name",
        "data.samples",
        "data.noise",
        "data.images",
        "data.labels",
        "data.path",
        "data.inputs",
        "data.targets",
        "data.reading",
        "data.features",
        "data.test_fraction",
        "data.split",
        "data.seed",
    ),
    "loss": ("loss.name", "loss.reduction"),
    "optimizer": (
        "training.optimizer.name",
        "training.optimizer.learning_rate",
        "training.optimizer.momentum",
        "training.optimizer.alpha",
        "training.optimizer.beta1",
        "training.optimizer.beta2",
        "training.optimizer.eps",
    ),
    "regularization": ("training.l1", "training.l2"),
    "batch": (
        "training.batch_size",
        "training.shuffle",
        "training.seed",
        "training.precision",
    ),
    "stop": ("training.stop.max_epochs", "training.stop.loss_below"),
    "backward": ("training.fault",),
}

PARAMETERS = "parameters"  # to overwrite and to freeze values, in whichever panel shows them

PANELS = (
    "panel.experiment",
    "panel.network",
    "panel.output",
    "panel.digits",
    "panel.graph",
    "panel.why",
    "panel.parameters",
    "panel.explain",
    "panel.loss",
    "panel.gradients",
)

COMMANDS = (
    "command.run",
    "command.step_iteration",
    "command.step_epoch",
    "command.reset",
    "command.new_weights",
    "command.new_data",
    "command.speed",
    "command.import",
)

SECTION_OF = {field: section for section, fields in SECTIONS.items() for field in fields}

NAMES = (*SECTIONS, *SECTION_OF, PARAMETERS, *PANELS, *COMMANDS)
