"""Why a run ended, in words."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor

from bpgui.engine.descent import Divergence

QUANTITIES = {
    "pre_activation": "pre-activations",
    "activation": "activations",
    "loss": "loss",
    "delta": "error signals",
    "gradient": "gradient",
    "parameter": "parameters",
}


def divergence_message(divergence: Divergence) -> str:
    """Which quantity of which layer stopped being finite, in which iteration (counted from 1)."""
    what = QUANTITIES[divergence.quantity]
    where = "" if divergence.layer is None else f" of layer {divergence.layer}"
    return (
        f"The {what}{where} stopped being finite in iteration {divergence.iteration + 1:,}. "
        "Try a smaller learning rate."
    )


def failure_message(error: BaseException) -> str:
    """What went wrong while a burst was computed, and what is left of the run."""
    if isinstance(error, BrokenExecutor):
        cause = "The worker process that trains the network was ended from outside."
    elif isinstance(error, MemoryError):
        cause = "There is not enough memory to go on training."
    else:
        cause = f"Training stopped on an unexpected error ({type(error).__name__}: {error})."
    return f"{cause} The run is as it was before; it can be run again or reset."


def check_failure_message(error: BaseException) -> str:
    """What went wrong while gradients were checked."""
    if isinstance(error, BrokenExecutor):
        cause = "the worker process was ended from outside"
    elif isinstance(error, MemoryError):
        cause = "there is not enough memory"
    else:
        cause = f"an unexpected error ({type(error).__name__}: {error})"
    return f"The check stopped: {cause}."
