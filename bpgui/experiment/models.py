"""What a user can describe: the frozen models whose JSON is the preset file.

Field by field these are the format's version 1; checks that concern more than one field stand in
`rules`.
"""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, StrictBool

from bpgui.experiment.controls import NAMES as CONTROL_NAMES
from bpgui.experiment.fields import (
    Count,
    Fraction,
    Matrix,
    Model,
    NotNegative,
    Number,
    Positive,
    Row,
    Seed,
    Whole,
)
from bpgui.experiment.sources import Data

FORMAT: Final = "bpgui/preset"
VERSION: Final = 1


# --- network ------------------------------------------------------------------------------------

Activation: TypeAlias = Literal[
    "identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "softmax"
]


class Layer(Model):
    units: Annotated[int, Field(strict=True, ge=1, le=100_000), Whole]
    activation: Activation = "sigmoid"
    bias: Literal["trained", "fixed", "none"] = "trained"


class Network(Model):
    inputs: Annotated[int, Field(strict=True, ge=1, le=1_000_000), Whole]
    layers: Annotated[tuple[Layer, ...], Field(min_length=1, max_length=64)]


# --- initial weights ----------------------------------------------------------------------------


class Manual(Model):
    """Weights per layer as rows of receiving units; biases per layer, None where a layer has none.

    A file may leave `biases` out where no layer has any, and write [] or zeros for None; in memory
    there is one entry per layer.
    """

    scheme: Literal["manual"] = "manual"
    weights: Annotated[tuple[Matrix, ...], Field(min_length=1, max_length=64)]
    biases: Annotated[tuple[Row | None, ...], Field(max_length=64)]


class Scheme(Model):
    scheme: str
    bias: Number = 0.0  # the initial value of every bias


class Seeded(Scheme):
    seed: Seed = 0


class Uniform(Seeded):
    scheme: Literal["uniform"] = "uniform"
    low: Number = -1.0
    high: Number = 1.0


class Normal(Seeded):
    scheme: Literal["normal"] = "normal"
    mean: Number = 0.0
    std: NotNegative = 1.0


class XavierUniform(Seeded):
    scheme: Literal["xavier_uniform"] = "xavier_uniform"


class XavierNormal(Seeded):
    scheme: Literal["xavier_normal"] = "xavier_normal"


class HeUniform(Seeded):
    scheme: Literal["he_uniform"] = "he_uniform"


class HeNormal(Seeded):
    scheme: Literal["he_normal"] = "he_normal"


class Zeros(Scheme):
    scheme: Literal["zeros"] = "zeros"


class Constant(Scheme):
    scheme: Literal["constant"] = "constant"
    value: Number = 0.5


Drawn: TypeAlias = (
    Uniform | Normal | XavierUniform | XavierNormal | HeUniform | HeNormal | Zeros | Constant
)
InitialWeights: TypeAlias = Annotated[Manual | Drawn, Field(discriminator="scheme")]

# --- loss and training --------------------------------------------------------------------------


class Loss(Model):
    name: Literal[
        "squared_error",
        "half_squared_error",
        "mean_squared_error",
        "absolute_error",
        "huber",
        "binary_cross_entropy",
        "cross_entropy",
    ] = "half_squared_error"
    reduction: Literal["mean", "sum"] = "mean"


class Sgd(Model):
    name: Literal["sgd"] = "sgd"
    learning_rate: Positive = 1e-3


class Momentum(Model):
    name: Literal["momentum"] = "momentum"
    learning_rate: Positive = 1e-3
    momentum: Fraction = 0.9


class Nesterov(Model):
    name: Literal["nesterov"] = "nesterov"
    learning_rate: Positive = 1e-3
    momentum: Fraction = 0.9


class Adagrad(Model):
    name: Literal["adagrad"] = "adagrad"
    learning_rate: Positive = 1e-2
    eps: Positive = 1e-10


class RmsProp(Model):
    name: Literal["rmsprop"] = "rmsprop"
    learning_rate: Positive = 1e-2
    alpha: Fraction = 0.99
    eps: Positive = 1e-8


class Adam(Model):
    name: Literal["adam"] = "adam"
    learning_rate: Positive = 1e-3
    beta1: Fraction = 0.9
    beta2: Fraction = 0.999
    eps: Positive = 1e-8


Optimizer: TypeAlias = Annotated[
    Sgd | Momentum | Nesterov | Adagrad | RmsProp | Adam, Field(discriminator="name")
]


class Stop(Model):
    max_epochs: Count | None = None
    loss_below: Positive | None = None


Fault: TypeAlias = Literal[
    "output_first",
    "slope_forgotten",
    "half_lost",
    "sum_for_mean",
    "sign_turned",
    "forward_walk",
]


class Training(Model):
    """`batch_size` None is the full batch; `frozen` holds names of parameters, such as
    "w(2)[1,3]"; `fault` is a wrong backward pass to train with, None the right one."""

    optimizer: Optimizer = Sgd()
    batch_size: Count | None = None
    shuffle: StrictBool = False
    seed: Seed = 0
    l1: NotNegative = 0.0
    l2: NotNegative = 0.0
    precision: Literal["float64", "float32"] = "float64"
    stop: Stop = Stop()
    frozen: tuple[str, ...] = ()
    fault: Fault | None = None


# --- lesson -------------------------------------------------------------------------------------

ControlName: TypeAlias = Annotated[str, Field(json_schema_extra={"enum": list(CONTROL_NAMES)})]


class Lesson(Model):
    """What the window shows of this experiment: `locked` controls are seen but cannot be used,
    `hidden` ones are not seen, and `note` is said above all. Their names stand in `controls`."""

    locked: tuple[ControlName, ...] = ()
    hidden: tuple[ControlName, ...] = ()
    note: Annotated[str, Field(max_length=1000)] = ""


class Experiment(Model):
    format: Literal["bpgui/preset"] = "bpgui/preset"
    version: Literal[1] = 1
    name: Annotated[str, Field(max_length=200)] = ""
    description: Annotated[str, Field(max_length=10_000)] = ""
    network: Network
    initial_weights: InitialWeights
    data: Data
    loss: Loss = Loss()
    training: Training = Training()
    lesson: Lesson | None = None
