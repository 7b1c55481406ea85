"""Digits of published worked examples, and the same computed now, to be set side by side.

Digits stand here as they are printed. A number agrees if it differs by no more than half a unit of
its last printed digit, or by no more than a share of itself: 1e-12 where it comes of single passes
and 1e-9 after long runs, in which the order of summation adds up. A1, C and E are built-in presets,
B's expressions are built-in graphs; H has the data and weights of the parity tests, and its digits
are PyTorch's. Where a text updates the output layer first, its digits are met by doing so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from bpgui.engine.backprop import network_rows, reduction_factor
from bpgui.engine.descent import advance, gradient, initial_state
from bpgui.engine.evaluation import evaluate, predict
from bpgui.engine.expression import parse
from bpgui.engine.gradcheck import check_gradient
from bpgui.engine.graph import backpropagate
from bpgui.engine.network import FloatArray, Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings
from bpgui.engine.walk import walk
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.graphs import builtin_graphs
from bpgui.experiment.presets import load

SINGLE = 1e-12
LONG = 1e-9


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: its printed digits by name, those of long runs apart, and how to compute
    all of them."""

    system: str
    title: str
    compute: Callable[[], Mapping[str, float]]
    digits: Mapping[str, str]
    after_long_runs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One published number and ours; `allowed` is the difference up to which they agree."""

    name: str
    printed: str
    actual: float
    allowed: float

    @property
    def difference(self) -> float:
        return self.actual - float(self.printed)

    @property
    def agrees(self) -> bool:
        return abs(self.difference) <= self.allowed


def compare(example: Example) -> Iterator[Comparison]:
    """Every number of an example, computed now."""
    actual = example.compute()
    for relative, digits in ((SINGLE, example.digits), (LONG, example.after_long_runs)):
        for name, text in digits.items():
            yield Comparison(name, text, actual[name], allowed(text, relative))


def allowed(text: str, relative: float) -> float:
    """How far a number may be from one printed as `text`."""
    exponent = Decimal(text).as_tuple().exponent
    assert isinstance(exponent, int)  # a published number is finite
    return max(relative * abs(float(text)), float(Decimal(5).scaleb(exponent - 1)))


def _preset(slug: str) -> Problem:
    path = find(slug)
    return build_problem(load(path), path.parent)


def _after(problem: Problem, iterations: int) -> FloatArray:
    state, _ = advance(problem, initial_state(problem), iterations)
    return state.parameters


def _named(network: Network, prefix: str, theta: FloatArray) -> dict[str, float]:
    return {prefix + network.parameter(i).name: float(theta[i]) for i in range(network.size)}


# --- A1 ---------------------------------------------------------------------------------------

SYMBOLS = {"pre_activation": "z", "activation": "a", "delta": "delta"}


def _two_inputs() -> dict[str, float]:
    problem = _preset("two-inputs-fixed-biases")
    network, theta = problem.network, problem.initial
    found: dict[str, float] = {"loss": evaluate(problem, theta).loss}
    steps = walk(
        network,
        problem.loss,
        reduction_factor(problem, 1),
        theta,
        network_rows(network, problem.train.inputs),
        np.ascontiguousarray(problem.train.targets.T),
    )
    for layer, quantity, values in steps:
        if quantity in SYMBOLS:
            for unit, value in enumerate(values[:, 0].tolist(), 1):
                found[f"{SYMBOLS[quantity]}({layer})[{unit}]"] = value
    found |= _named(network, "dL/d", gradient(problem, theta))
    theta = _after(problem, 1)
    found |= _named(network, "after 1 update, ", theta)
    found["after 1 update, loss"] = evaluate(problem, theta).loss
    theta = _after(problem, 10_000)
    found["after 10,000 updates, loss"] = evaluate(problem, theta).loss
    for unit, value in enumerate(predict(problem, theta, problem.train.inputs)[0].tolist(), 1):
        found[f"after 10,000 updates, a(2)[{unit}]"] = value
    return found


TWO_INPUTS = Example(
    "A1",
    "Two inputs, two hidden units, two outputs; biases fixed",
    _two_inputs,
    {
        "z(1)[1]": "0.377500000000000",
        "z(1)[2]": "0.392500000000000",
        "a(1)[1]": "0.5932699921071872",
        "a(1)[2]": "0.596884378259767",
        "z(2)[1]": "1.10590596705977",
        "z(2)[2]": "1.2249214040964653",
        "a(2)[1]": "0.7513650695523157",
        "a(2)[2]": "0.7729284653214625",
        "loss": "0.2983711087600027",
        "delta(2)[1]": "0.13849856162855695",
        "delta(2)[2]": "-0.038098236516556236",
        "delta(1)[1]": "0.00877135468949",
        "delta(1)[2]": "0.00995425470522",
        "dL/dw(1)[1,1]": "0.000438567734474",
        "dL/dw(1)[1,2]": "0.000877135468949",
        "dL/dw(1)[2,1]": "0.000497712735261",
        "dL/dw(1)[2,2]": "0.000995425470522",
        "dL/dw(2)[1,1]": "0.0821670405642",
        "dL/dw(2)[1,2]": "0.0826676278475",
        "dL/dw(2)[2,1]": "-0.0226025404775",
        "dL/dw(2)[2,2]": "-0.0227402422160",
        "after 1 update, w(1)[1,1]": "0.1497807161327628",
        "after 1 update, w(1)[1,2]": "0.19956143226552567",
        "after 1 update, w(1)[2,1]": "0.24975114363236958",
        "after 1 update, w(1)[2,2]": "0.29950228726473915",
        "after 1 update, w(2)[1,1]": "0.35891647971788465",
        "after 1 update, w(2)[1,2]": "0.4086661860762334",
        "after 1 update, w(2)[2,1]": "0.5113012702387375",
        "after 1 update, w(2)[2,2]": "0.5613701211079891",
        "after 1 update, loss": "0.29102777369359933",
    },
    {
        "after 10,000 updates, loss": "3.510187782978859e-05",
        "after 10,000 updates, a(2)[1]": "0.01591362044355068",
        "after 10,000 updates, a(2)[2]": "0.9840642735146238",
    },
)

# --- B ----------------------------------------------------------------------------------------


def _graph(slug: str, values: Mapping[str, str], gradients: Mapping[str, str]) -> Example:
    """One of the built-in graphs; `values` and `gradients` are by the names of nodes."""
    graph = builtin_graphs()[slug]

    def compute() -> dict[str, float]:
        found = backpropagate(parse(graph.expression), graph.values)
        nodes = found.graph.names
        return {
            **{name: found.values[nodes[name]] for name in values},
            **{f"df/d{name}": found.gradients[nodes[name]] for name in gradients},
        }

    digits = {**values, **{f"df/d{name}": text for name, text in gradients.items()}}
    return Example("B", f"{graph.name} as a computation graph", compute, digits, {})


GRAPHS = (
    _graph(
        "sigmoid-neuron",
        {"f": "0.7310585786300049"},
        {
            "dot": "0.19661193324148185",
            "w0": "-0.19661193324148185",
            "w1": "-0.3932238664829637",
            "w2": "0.19661193324148185",
            "x0": "0.3932238664829637",
            "x1": "-0.5898357997244456",
        },
    ),
    _graph(
        "product-of-sum",
        {"f": "-12.00000000000"},
        {"x": "-4.00000000000", "y": "-4.00000000000", "z": "3.00000000000"},
    ),
    _graph("cube", {"f": "1.00000000000"}, {"x": "3.00000000000"}),
)

# --- C ----------------------------------------------------------------------------------------


def _xor() -> dict[str, float]:
    problem = _preset("xor-numpy")

    def mean_squared_error(epochs: int) -> float:
        outputs = predict(problem, _after(problem, epochs), problem.train.inputs)
        return float(((outputs - problem.train.targets) ** 2).mean())

    return {
        "mean squared error at the start": mean_squared_error(0),
        "mean squared error after 1 epoch": mean_squared_error(1),
        "mean squared error after 1,000 epochs": mean_squared_error(1_000),
        "mean squared error after 10,000 epochs": mean_squared_error(10_000),
    }


XOR = Example(
    "C",
    "XOR without biases, the gradients of four points summed",
    _xor,
    {
        "mean squared error at the start": "0.6467652820681169",
        "mean squared error after 1 epoch": "0.31313370480010705",
    },
    {
        "mean squared error after 1,000 epochs": "0.09704232112044603",
        "mean squared error after 10,000 epochs": "0.0005313728231286779",
    },
)

# --- E ----------------------------------------------------------------------------------------


def _chain() -> dict[str, float]:
    problem = _preset("chain-of-three")
    network = problem.network
    _, trace = advance(problem, initial_state(problem), 1)
    assert trace.gradient is not None  # an iteration ran
    check = check_gradient(problem, _after(problem, 155))
    theta = _after(problem, 160 * problem.batches_per_epoch)
    return {
        **_named(network, "first dL/d", trace.gradient),
        "before update 156, largest error": float(np.abs(check.analytic - check.numeric).max()),
        **_named(network, "after 160 epochs, ", theta),
        "after 160 epochs, output for 1": float(predict(problem, theta, np.ones((1, 1)))[0, 0]),
    }


CHAIN = Example(
    "E",
    "A chain of three weights, two samples one at a time",
    _chain,
    {
        "first dL/dw(3)[1,1]": "-0.055899",
        "first dL/dw(2)[1,1]": "-0.125073",
        "first dL/dw(1)[1,1]": "0.124912",
        "before update 156, largest error": "0.000000000",
    },
    {
        "after 160 epochs, w(1)[1,1]": "0.26834251180335367",
        "after 160 epochs, w(2)[1,1]": "0.2681246232434451",
        "after 160 epochs, w(3)[1,1]": "-0.5366628787432715",
        "after 160 epochs, output for 1": "-0.038612483512720945",
    },
)

# --- E in the text's own order ------------------------------------------------------------------


def _chain_in_text_order() -> dict[str, float]:
    problem = replace(_preset("chain-of-three"), fault="output_first")
    network = problem.network
    state, trace = advance(problem, initial_state(problem), 156)
    assert trace.gradient is not None  # an iteration ran
    check = check_gradient(problem, state.parameters)
    theta = _after(problem, 160 * problem.batches_per_epoch)
    return {
        **_named(network, "update 156, backpropagation dL/d", trace.gradient),
        **_named(network, "after update 156, difference for ", check.numeric),
        **_named(network, "after 160 epochs, ", theta),
        "after 160 epochs, output for 1": float(predict(problem, theta, np.ones((1, 1)))[0, 0]),
    }


CHAIN_IN_TEXT_ORDER = Example(
    "E, text order",
    "The chain of three weights, the output layer updated first",
    _chain_in_text_order,
    {
        "update 156, backpropagation dL/dw(3)[1,1]": "0.003970",
        "update 156, backpropagation dL/dw(2)[1,1]": "-0.032617",
        "update 156, backpropagation dL/dw(1)[1,1]": "-0.027502",
        "after update 156, difference for w(3)[1,1]": "0.004164",
        "after update 156, difference for w(2)[1,1]": "-0.033257",
        "after update 156, difference for w(1)[1,1]": "-0.027499",
    },
    {
        "after 160 epochs, w(1)[1,1]": "0.9752700681132106",
        "after 160 epochs, w(2)[1,1]": "0.9641798308982554",
        "after 160 epochs, w(3)[1,1]": "-1.0634229821037362",
        "after 160 epochs, output for 1": "-0.9999746254878177",
    },
)

# --- F: the digits of A that come of the same order ---------------------------------------------


def _trap() -> dict[str, float]:
    problem = replace(_preset("two-inputs-fixed-biases"), fault="output_first")
    theta = _after(problem, 10_000)
    outputs = predict(problem, theta, problem.train.inputs)[0].tolist()
    return {
        "after 1 update, loss": evaluate(problem, _after(problem, 1)).loss,
        **{f"after 10,000 updates, a(2)[{j}]": output for j, output in enumerate(outputs, 1)},
    }


TRAP = Example(
    "A, copied digits",
    "The two inputs of A, the output layer updated first",
    _trap,
    {"after 1 update, loss": "0.291027924"},
    {
        "after 10,000 updates, a(2)[1]": "0.015912196",
        "after 10,000 updates, a(2)[2]": "0.984065734",
    },
)

# --- H ----------------------------------------------------------------------------------------


def three_classes() -> Problem:
    """20-13-8-3 on 500 samples of random classes, drawn as packaging/make_goldens.py does."""
    random = np.random.RandomState(3)
    network = Network(
        (
            Layer(20, 13, "relu", "none"),
            Layer(13, 8, "sigmoid", "none"),
            Layer(8, 3, "softmax", "trained"),
        )
    )
    inputs = random.uniform(0.0, 100.0, (500, 20))
    targets = np.eye(3)[random.randint(3, size=500)]
    weights, biases = [], []
    for layer in network.layers:
        weights.append(random.uniform(-0.1, 0.1, (layer.units, layer.inputs)))
        biases.append(None if layer.bias == "none" else random.uniform(-0.1, 0.1, layer.units))
    return Problem(
        network=network,
        train=Samples(inputs, targets),
        test=None,
        loss="cross_entropy",
        reduction="mean",
        initial=network.pack(weights, biases),
        settings=Settings(optimizer_settings("sgd", learning_rate=0.01)),
        classification=True,
    )


def _three_classes() -> dict[str, float]:
    problem = three_classes()
    slope = gradient(problem, problem.initial)
    return {
        "loss": evaluate(problem, problem.initial).loss,
        **_named(problem.network, "dL/d", slope),
    }


THREE_CLASSES = Example(
    "H",
    "Three classes with cross-entropy, against PyTorch",
    _three_classes,
    {
        "loss": "1.1157118954627985",
        "dL/dw(1)[1,1]": "-0.0038611932350208823",
        "dL/dw(1)[1,20]": "-0.002420513984431183",
        "dL/dw(1)[2,7]": "-0.00029476740566576636",
        "dL/dw(1)[5,3]": "0.0002860144090927412",
        "dL/dw(1)[10,2]": "0.0013212765854358458",
        "dL/dw(1)[13,1]": "-0.003913413068035608",
        "dL/dw(1)[13,20]": "-0.005184422703060336",
        "dL/dw(2)[1,1]": "0.0009117279007049909",
        "dL/dw(2)[3,5]": "-0.00014688830262238857",
        "dL/dw(2)[6,9]": "0.004109151503227884",
        "dL/dw(2)[8,13]": "0.002918635211508442",
        "dL/dw(3)[1,1]": "-0.03544088858983407",
        "dL/dw(3)[2,4]": "0.03269885005517897",
        "dL/dw(3)[3,8]": "-0.010809297080049239",
        "dL/db(3)[1]": "-0.053739915288960015",
        "dL/db(3)[2]": "0.09476634099946904",
        "dL/db(3)[3]": "-0.041026425710509046",
    },
    {},
)

EXAMPLES = (TWO_INPUTS, TRAP, *GRAPHS, XOR, CHAIN, CHAIN_IN_TEXT_ORDER, THREE_CLASSES)


def verified(index: int) -> tuple[Comparison, ...]:
    """Every number of EXAMPLES[index], computed now, wherever an executor does it."""
    return tuple(compare(EXAMPLES[index]))
