"""H: three classes with cross-entropy, whose digits are PyTorch's."""

from __future__ import annotations

import numpy as np

from bpgui.engine.descent import gradient
from bpgui.engine.evaluation import evaluate
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings
from bpgui.published.comparison import Example
from bpgui.published.problems import named


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
        **named(problem.network, "dL/d", slope),
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
