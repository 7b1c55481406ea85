"""The optimizer's rule in the kernel: one pass over theta where NumPy takes three or more."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpgui.engine.compiled import library
from bpgui.engine.compiled.places import InOrder, Places
from bpgui.engine.loop import Memory, held_parameters
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem, Settings

# As in the enumeration of kernel.h.
OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
HYPERPARAMETERS = {
    "learning_rate": 0,
    "momentum": 1,
    "alpha": 1,
    "beta1": 1,
    "beta2": 2,
    "eps": 3,
}
PRECISIONS = {np.dtype(np.float64): "double", np.dtype(np.float32): "float"}


def set_rule(
    call: library.Call, problem: Problem, settings: Settings, theta: FloatArray, places: Places
) -> list[FloatArray]:
    """Write hyperparameters and what is held into the call; the arrays must live as long as it."""
    for name, value in settings.optimizer.values.items():
        call.hyperparameters[HYPERPARAMETERS[name]] = value
    call.free = call.before = None
    held = held_parameters(problem, settings)
    if held is None:
        return []
    kept = [places.arranged(numbers) for numbers in ((~held).astype(theta.dtype), theta.copy())]
    call.free, call.before = (array.ctypes.data for array in kept)
    return kept


def updates(problem: Problem) -> bool:
    """Whether the kernel knows the optimizer and the precision."""
    return (
        library.available()
        and problem.dtype in PRECISIONS
        and problem.settings.optimizer.name in OPTIMIZERS
    )


class CompiledUpdate:
    """The update of one problem, for which `updates` must hold, on the memory of a NumPy loop."""

    def __init__(self, problem: Problem, memory: Memory) -> None:
        self._problem, self._memory = problem, memory
        self._places = InOrder(problem.network, memory)
        self._masked = np.empty_like(memory.gradient)
        self._function = library.function("update", PRECISIONS[problem.dtype])
        self._plan = library.Plan(
            size=problem.network.size,
            parameters=problem.network.size,
            slots=len(memory.slots),
            optimizer=OPTIMIZERS.index(problem.settings.optimizer.name),
            memory=memory.values.ctypes.data,
            gradient=memory.gradient.ctypes.data,
            workspace=self._masked.ctypes.data,
        )

    def step(self, settings: Settings) -> CompiledStep:
        """See NumpyLoop.step."""
        call = library.Call()
        kept = set_rule(call, self._problem, settings, self._memory.theta, self._places)
        return CompiledStep(self._function, self._plan, call, kept)


class CompiledStep:
    """Updates with the settings of one call; see PartedStep."""

    def __init__(
        self,
        function: Callable[..., int | None],
        plan: library.Plan,
        call: library.Call,
        kept: list[FloatArray],
    ) -> None:
        self._function, self._plan, self._call = function, plan, call
        self._kept = kept  # alive as long as the kernel reads it
        self.finite = True

    def __call__(self, iteration: int) -> bool:
        self.part(iteration, 0, self._plan.size)
        return self.finite

    def part(self, iteration: int, first: int, count: int) -> None:
        if not self._function(self._plan, self._call, iteration, first, count):
            self.finite = False
