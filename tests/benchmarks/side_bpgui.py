"""The side of bpgui itself."""

from __future__ import annotations

# Before NumPy, whose number of threads it sets.
from bpgui.engine.descent import Descent, initial_state
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings

# isort: split
from cases import Arrays, Case
from side import serve_side


class Bpgui:
    """Bursts of `advance`, as the worker process computes them."""

    def __init__(self, case: Case, data: Arrays) -> None:
        outputs = ["sigmoid"] * (len(case.sizes) - 2) + [case.output]
        shapes = zip(case.sizes, case.sizes[1:], outputs, strict=False)
        network = Network(tuple(Layer(*shape) for shape in shapes))
        problem = Problem(
            network,
            Samples(data.inputs, data.targets),
            None,
            "half_squared_error",
            "mean",
            network.pack(data.weights, data.biases, case.dtype),
            Settings(optimizer_settings(case.optimizer, learning_rate=case.rate)),
            batch_size=case.batch,
        )
        self._descent, self._state = Descent(problem), initial_state(problem)

    def run(self, n: int) -> int:
        self._state, trace = self._descent.advance(self._state, n)
        return len(trace.losses)

    def losses(self, n: int) -> list[float]:
        self._state, trace = self._descent.advance(self._state, n)
        return [float(loss) for loss in trace.losses]


if __name__ == "__main__":
    serve_side(Bpgui)
