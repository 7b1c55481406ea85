"""C: XOR, trained on all four points at once."""

from __future__ import annotations

from bpgui.engine.evaluation import predict
from bpgui.published.comparison import Example
from bpgui.published.problems import after, preset


def _xor() -> dict[str, float]:
    problem = preset("xor-numpy")

    def mean_squared_error(epochs: int) -> float:
        outputs = predict(problem, after(problem, epochs), problem.train.inputs)
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
