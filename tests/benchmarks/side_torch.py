"""The side of PyTorch: `side_torch.py` eager, `side_torch.py compile` through torch.compile."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from cases import Arrays, Case, slices
from measuring import MissingError
from side import Training, serve_side


class PyTorch:
    """A training loop as its documentation writes it, on batches that are sliced beforehand."""

    def __init__(self, case: Case, data: Arrays, compiled: bool = False) -> None:
        import torch

        parts: list[torch.nn.Module] = []
        for weight, bias in zip(data.weights, data.biases, strict=True):
            linear = torch.nn.Linear(*reversed(weight.shape), dtype=getattr(torch, case.dtype))
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(weight))
                linear.bias.copy_(torch.from_numpy(bias))
            parts += [linear, torch.nn.Sigmoid()]
        model = torch.nn.Sequential(*parts)
        mse, factor = torch.nn.functional.mse_loss, 0.5 / case.batch

        def loss_of(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
            return mse(model(x), t, reduction="sum") * factor

        self._loss = torch.compile(loss_of) if compiled else loss_of
        self._optimizer = _torch_optimizer(torch, case, model.parameters())
        inputs, targets = torch.from_numpy(data.inputs), torch.from_numpy(data.targets)
        self._batches = [(inputs[part], targets[part]) for part in slices(case)]
        self._at = 0

    def run(self, n: int) -> int:
        return len(self.losses(n))

    def losses(self, n: int) -> list[float]:
        loss_of, optimizer, batches, at = self._loss, self._optimizer, self._batches, self._at
        found = []
        for _ in range(n):
            x, t = batches[at]
            at = (at + 1) % len(batches)
            optimizer.zero_grad()
            loss = loss_of(x, t)
            loss.backward()
            optimizer.step()
            found.append(loss.item())
        self._at = at
        return found


def _torch_optimizer(torch: Any, case: Case, parameters: Iterator[Any]) -> Any:
    """The optimizer, with the settings that bpgui takes from PyTorch as defaults."""
    kinds = {
        "sgd": (torch.optim.SGD, {}),
        "momentum": (torch.optim.SGD, {"momentum": 0.9}),
        "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
        "adagrad": (torch.optim.Adagrad, {}),
        "rmsprop": (torch.optim.RMSprop, {}),
        "adam": (torch.optim.Adam, {}),
    }
    kind, values = kinds[case.optimizer]
    return kind(parameters, lr=case.rate, **values)


def compiled(case: Case, data: Arrays) -> Training:
    """Model and loss through torch.compile; MissingError where it cannot build its code."""
    import torch

    torch._dynamo.reset()  # it gives up on a function that was compiled for many cases before
    try:
        training = PyTorch(case, data, compiled=True)
        training.run(1)
    except Exception as error:
        first = str(error).strip().splitlines()[0][:80] if str(error).strip() else "no reason"
        raise MissingError(f"cannot compile: {type(error).__name__}: {first}") from error
    return PyTorch(case, data, compiled=True)


def torch_threads(threads: int) -> None:
    import torch

    torch.set_num_threads(threads)


if __name__ == "__main__":
    serve_side(compiled if "compile" in sys.argv else PyTorch, torch_threads, needs="torch")
