"""Names that can be chosen, as they are shown, each with a sentence that teaches."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from bpgui.ui.editors.choice_box import Choice
from bpgui.ui.editors.wording import QT_TRANSLATE_NOOP

ACTIVATIONS = {
    "identity": (
        QT_TRANSLATE_NOOP("Choices", "identity"),
        QT_TRANSLATE_NOOP("Choices", "a = z. For outputs that may be any number."),
    ),
    "sigmoid": (
        QT_TRANSLATE_NOOP("Choices", "sigmoid"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "a = 1 / (1 + exp(−z)), between 0 and 1. Far from zero it is flat, and gradients "
            "become small.",
        ),
    ),
    "tanh": (
        QT_TRANSLATE_NOOP("Choices", "tanh"),
        QT_TRANSLATE_NOOP(
            "Choices", "Between −1 and 1 and centered at zero; flat far from zero, like sigmoid."
        ),
    ),
    "relu": (
        QT_TRANSLATE_NOOP("Choices", "ReLU"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "a = max(0, z). A unit that is negative for every sample gets no gradient at all.",
        ),
    ),
    "leaky_relu": (
        QT_TRANSLATE_NOOP("Choices", "leaky ReLU"),
        QT_TRANSLATE_NOOP(
            "Choices", "Like ReLU, but with the slope 0.01 below zero, so that no unit dies."
        ),
    ),
    "elu": (
        QT_TRANSLATE_NOOP("Choices", "ELU"),
        QT_TRANSLATE_NOOP("Choices", "Like ReLU, but it bends smoothly towards −1 below zero."),
    ),
    "softplus": (
        QT_TRANSLATE_NOOP("Choices", "softplus"),
        QT_TRANSLATE_NOOP("Choices", "a = ln(1 + exp(z)), a ReLU without its corner."),
    ),
    "softmax": (
        QT_TRANSLATE_NOOP("Choices", "softmax"),
        QT_TRANSLATE_NOOP(
            "Choices", "The outputs become shares that add up to 1. For the output layer only."
        ),
    ),
}

BIASES = {
    "trained": (
        QT_TRANSLATE_NOOP("Choices", "trained"),
        QT_TRANSLATE_NOOP("Choices", "Each unit has a bias, and training changes it."),
    ),
    "fixed": (
        QT_TRANSLATE_NOOP("Choices", "fixed"),
        QT_TRANSLATE_NOOP("Choices", "Each unit has a bias that keeps its initial value."),
    ),
    "none": (
        QT_TRANSLATE_NOOP("Choices", "none"),
        QT_TRANSLATE_NOOP("Choices", "The units have no bias."),
    ),
}

SCHEMES = {
    "manual": (
        QT_TRANSLATE_NOOP("Choices", "by hand"),
        QT_TRANSLATE_NOOP("Choices", "Each weight and bias is the number you write."),
    ),
    "uniform": (
        QT_TRANSLATE_NOOP("Choices", "uniform"),
        QT_TRANSLATE_NOOP("Choices", "Drawn evenly between two bounds."),
    ),
    "normal": (
        QT_TRANSLATE_NOOP("Choices", "normal"),
        QT_TRANSLATE_NOOP("Choices", "Drawn from a bell curve of a given mean and spread."),
    ),
    "xavier_uniform": (
        QT_TRANSLATE_NOOP("Choices", "Xavier uniform"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "Drawn evenly; the range fits the sizes of both layers, so that signals keep their "
            "size through sigmoid and tanh layers.",
        ),
    ),
    "xavier_normal": (
        QT_TRANSLATE_NOOP("Choices", "Xavier normal"),
        QT_TRANSLATE_NOOP("Choices", "As Xavier uniform, but from a bell curve."),
    ),
    "he_uniform": (
        QT_TRANSLATE_NOOP("Choices", "He uniform"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "Drawn evenly; wider than Xavier, since a ReLU layer silences half of its input.",
        ),
    ),
    "he_normal": (
        QT_TRANSLATE_NOOP("Choices", "He normal"),
        QT_TRANSLATE_NOOP("Choices", "As He uniform, but from a bell curve."),
    ),
    "zeros": (
        QT_TRANSLATE_NOOP("Choices", "zeros"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "All weights start at 0. The units of a layer then stay alike: a thing to see once.",
        ),
    ),
    "constant": (
        QT_TRANSLATE_NOOP("Choices", "constant"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "All weights start at one number. The units of a layer then stay alike.",
        ),
    ),
}

SOURCES = {
    "inline": (
        QT_TRANSLATE_NOOP("Choices", "Table"),
        QT_TRANSLATE_NOOP("Choices", "Samples that you write yourself, kept in the preset."),
    ),
    "generated": (
        QT_TRANSLATE_NOOP("Choices", "Generated"),
        QT_TRANSLATE_NOOP("Choices", "Samples made by rule, with noise and a seed."),
    ),
    "digits": (
        QT_TRANSLATE_NOOP("Choices", "Handwritten digits"),
        QT_TRANSLATE_NOOP("Choices", "1,797 pictures of 8 × 8 pixels that come with bpgui."),
    ),
    "idx": (
        QT_TRANSLATE_NOOP("Choices", "IDX files"),
        QT_TRANSLATE_NOOP("Choices", "Pictures and labels in the format of MNIST."),
    ),
    "csv": (
        QT_TRANSLATE_NOOP("Choices", "CSV file"),
        QT_TRANSLATE_NOOP("Choices", "Columns of a text file with a header."),
    ),
}

SPLITS = {
    "random": (
        QT_TRANSLATE_NOOP("Choices", "random"),
        QT_TRANSLATE_NOOP("Choices", "Drawn from all samples; the same seed draws the same ones."),
    ),
    "last": (
        QT_TRANSLATE_NOOP("Choices", "the last ones"),
        QT_TRANSLATE_NOOP("Choices", "Those at the end of the file, as others often split theirs."),
    ),
}

LOSSES = {
    "half_squared_error": (
        QT_TRANSLATE_NOOP("Choices", "half squared error"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "½ Σ (output − target)². The ½ cancels in the derivative, as most texts have it.",
        ),
    ),
    "squared_error": (
        QT_TRANSLATE_NOOP("Choices", "squared error"),
        QT_TRANSLATE_NOOP("Choices", "Σ (output − target)², summed over the outputs."),
    ),
    "mean_squared_error": (
        QT_TRANSLATE_NOOP("Choices", "mean squared error"),
        QT_TRANSLATE_NOOP("Choices", "(output − target)², averaged over the outputs."),
    ),
    "absolute_error": (
        QT_TRANSLATE_NOOP("Choices", "absolute error"),
        QT_TRANSLATE_NOOP(
            "Choices", "Σ |output − target|. A single far-off target pulls less than when squared."
        ),
    ),
    "huber": (
        QT_TRANSLATE_NOOP("Choices", "Huber"),
        QT_TRANSLATE_NOOP("Choices", "Squared for errors below 1, straight beyond."),
    ),
    "binary_cross_entropy": (
        QT_TRANSLATE_NOOP("Choices", "binary cross-entropy"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "For yes-or-no outputs between 0 and 1. With sigmoid the error signal is simply "
            "output − target.",
        ),
    ),
    "cross_entropy": (
        QT_TRANSLATE_NOOP("Choices", "cross-entropy"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "For one of several classes. With softmax the error signal is simply output − target.",
        ),
    ),
}

REDUCTIONS = {
    "mean": (
        QT_TRANSLATE_NOOP("Choices", "mean over the batch"),
        QT_TRANSLATE_NOOP(
            "Choices", "The size of an update does not depend on how many samples a batch has."
        ),
    ),
    "sum": (
        QT_TRANSLATE_NOOP("Choices", "sum over the batch"),
        QT_TRANSLATE_NOOP("Choices", "Larger batches make larger updates."),
    ),
}

OPTIMIZERS = {
    "sgd": (
        QT_TRANSLATE_NOOP("Choices", "gradient descent"),
        QT_TRANSLATE_NOOP("Choices", "w ← w − learning rate × gradient (SGD)."),
    ),
    "momentum": (
        QT_TRANSLATE_NOOP("Choices", "momentum"),
        QT_TRANSLATE_NOOP(
            "Choices", "Past gradients keep the weights rolling, through flat and noisy places."
        ),
    ),
    "nesterov": (
        QT_TRANSLATE_NOOP("Choices", "Nesterov"),
        QT_TRANSLATE_NOOP("Choices", "Momentum that looks ahead before it corrects itself."),
    ),
    "adagrad": (
        QT_TRANSLATE_NOOP("Choices", "AdaGrad"),
        QT_TRANSLATE_NOOP(
            "Choices", "Each weight has its own step, which shrinks as its gradients add up."
        ),
    ),
    "rmsprop": (
        QT_TRANSLATE_NOOP("Choices", "RMSProp"),
        QT_TRANSLATE_NOOP(
            "Choices", "Each weight's step is divided by the recent size of its gradient."
        ),
    ),
    "adam": (
        QT_TRANSLATE_NOOP("Choices", "Adam"),
        QT_TRANSLATE_NOOP("Choices", "Momentum together with a step of its own for each weight."),
    ),
}

PRECISIONS = {
    "float64": (
        QT_TRANSLATE_NOOP("Choices", "64 bits"),
        QT_TRANSLATE_NOOP("Choices", "About 16 digits. Best for small networks."),
    ),
    "float32": (
        QT_TRANSLATE_NOOP("Choices", "32 bits"),
        QT_TRANSLATE_NOOP("Choices", "About 7 digits, half the memory, faster when large."),
    ),
}

FAULTS = {
    "right": (
        QT_TRANSLATE_NOOP("Choices", "right"),
        QT_TRANSLATE_NOOP("Choices", "Backpropagation as it should be."),
    ),
    "output_first": (
        QT_TRANSLATE_NOOP("Choices", "output layer updated first"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "Each layer is updated before the error goes on to the layer in front of it. It takes "
            "a hidden layer to matter.",
        ),
    ),
    "slope_forgotten": (
        QT_TRANSLATE_NOOP("Choices", "slope forgotten"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "In hidden layers the error is not multiplied by the derivative of the activation. "
            "With identity there is none to forget.",
        ),
    ),
    "half_lost": (
        QT_TRANSLATE_NOOP("Choices", "factor of the loss lost"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "Half a square derived as a whole one, or a square derived without its 2. Losses "
            "without a square have none to lose.",
        ),
    ),
    "sum_for_mean": (
        QT_TRANSLATE_NOOP("Choices", "sum taken for the mean"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "The gradients of a batch are added up and not divided by their number. It takes the "
            "mean over several samples to matter.",
        ),
    ),
    "sign_turned": (
        QT_TRANSLATE_NOOP("Choices", "a sign turned"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "The error that goes back into the first layer has the wrong sign. It takes a hidden "
            "layer to matter.",
        ),
    ),
    "forward_walk": (
        QT_TRANSLATE_NOOP("Choices", "layers walked forward"),
        QT_TRANSLATE_NOOP(
            "Choices",
            "The layers are walked from the first to the last, and each multiplies its own weights "
            "into the gradient.",
        ),
    ),
}

Texts = Mapping[str, tuple[str, str]]


def choices(table: Texts) -> list[Choice]:
    """The table's entries in the user's language."""
    return [
        Choice(value, translated(label), translated(help)) for value, (label, help) in table.items()
    ]


def translated(text: str) -> str:
    return QCoreApplication.translate("Choices", text)
