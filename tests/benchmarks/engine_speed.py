"""Iterations per second of the engine beside a plain NumPy loop and PyTorch, where it is installed.

Run it alone on a quiet machine: python tests/benchmarks/engine_speed.py. The three take turns in
processes of their own, since the threads of one library slow down the next.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise

import numpy as np

from bpgui.engine.descent import Descent, initial_state
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings

RATE, SECONDS, ROUNDS, BURST = 0.1, 1.5, 3, 100
CASES = {
    "2-4-1, batch 4, float64": ((2, 4, 1), 4, 4, np.float64),
    "2-8-8-1, batch 10, float64": ((2, 8, 8, 1), 10, 10, np.float64),
    "784-128-10, batch 64, float32": ((784, 128, 10), 6400, 64, np.float32),
}


def problem_of(name: str) -> Problem:
    """Sigmoid layers, half squared error, plain gradient descent."""
    sizes, samples, batch, dtype = CASES[name]
    rng = np.random.default_rng(0)
    network = Network(tuple(Layer(a, b, "sigmoid") for a, b in pairwise(sizes)))
    data = Samples(
        rng.random((samples, sizes[0])).astype(dtype),
        rng.random((samples, sizes[-1])).astype(dtype),
    )
    initial = rng.uniform(-0.1, 0.1, network.size).astype(dtype)
    settings = Settings(optimizer_settings("sgd", learning_rate=RATE))
    return Problem(
        network, data, None, "half_squared_error", "mean", initial, settings, batch_size=batch
    )


def engine(problem: Problem) -> Callable[[int], None]:
    descent, state = Descent(problem), initial_state(problem)

    def run(n: int) -> None:
        nonlocal state
        state, _ = descent.advance(state, n)

    return run


def plain(problem: Problem) -> Callable[[int], None]:
    """What one writes at first: samples are rows, every step is a new array."""
    weights = [w.copy() for w in problem.network.weights(problem.initial)]
    biases = [b.copy() for b in problem.network.biases(problem.initial) if b is not None]
    inputs, targets, size = problem.train.inputs, problem.train.targets, problem.batch_size or 1
    at = 0

    def run(n: int) -> None:
        nonlocal at
        for _ in range(n):
            x, t = inputs[at : at + size], targets[at : at + size]
            at = (at + size) % len(inputs)
            a = [x]
            for w, b in zip(weights, biases, strict=True):
                a.append(1 / (1 + np.exp(-(a[-1] @ w.T + b))))
            ((a[-1] - t) ** 2).sum(axis=1).mean() / 2
            delta = (a[-1] - t) / size * a[-1] * (1 - a[-1])
            for i in range(len(weights) - 1, -1, -1):
                by_weight, by_bias = delta.T @ a[i], delta.sum(axis=0)
                delta = (delta @ weights[i]) * a[i] * (1 - a[i])
                weights[i] -= RATE * by_weight
                biases[i] -= RATE * by_bias

    return run


def pytorch(problem: Problem) -> Callable[[int], None]:
    import torch

    dtype = torch.float32 if problem.dtype == np.float32 else torch.float64
    parts: list[torch.nn.Module] = []
    for layer in problem.network.layers:
        parts += [torch.nn.Linear(layer.inputs, layer.units, dtype=dtype), torch.nn.Sigmoid()]
    model = torch.nn.Sequential(*parts)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    inputs, targets = map(torch.from_numpy, (problem.train.inputs, problem.train.targets))
    at, size = 0, problem.batch_size or 1

    def run(n: int) -> None:
        nonlocal at
        for _ in range(n):
            x, t = inputs[at : at + size], targets[at : at + size]
            at = (at + size) % len(inputs)
            optimizer.zero_grad()
            loss = ((model(x) - t) ** 2).sum(1).mean() / 2
            loss.backward()
            optimizer.step()
            loss.item()

    return run


WAYS = {"bpgui": engine, "NumPy": plain, "PyTorch": pytorch}


def measure(way: str, case: str) -> float:
    """Median iterations per second over bursts."""
    run, rates = WAYS[way](problem_of(case)), []
    run(BURST)
    end = time.perf_counter() + SECONDS
    while (start := time.perf_counter()) < end:
        run(BURST)
        rates.append(BURST / (time.perf_counter() - start))
    return float(np.median(rates))


def main() -> None:
    ways = [way for way in WAYS if way != "PyTorch" or find_spec("torch")]
    for case in CASES:
        best = dict.fromkeys(ways, 0.0)
        for _ in range(ROUNDS):
            for way in ways:
                command = [sys.executable, __file__, way, case]
                output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
                best[way] = max(best[way], float(output))
        print(case, *(f"{way} {rate:,.0f}" for way, rate in best.items()), sep="   ")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(*sys.argv[1:]))
    else:
        main()
