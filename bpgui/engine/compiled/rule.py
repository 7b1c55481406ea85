"""What the kernel is told of an optimizer and of the parameters that are held."""

from __future__ import annotations

from bpgui.engine.compiled import library
from bpgui.engine.compiled.places import Places
from bpgui.engine.loop import held_parameters
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
