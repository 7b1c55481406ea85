"""Checks a gradient against central differences, in float64 whatever the precision of the run.

For one parameter x the difference is

    D(h) = (L(x + h) - L(x - h)) / (2 h)         h = eps**(1/3) * max(1, |x|)

whose two errors, h**2 L'''/6 from cutting off the series and about eps |L| / h from rounding, are
of like size at this step. Where D(h) and the gradient do not agree, Richardson's
(4 D(h/2) - D(h)) / 3 takes the first error down to order h**4 before anything is called wrong.

The relative error is |analytic - numeric| / max(|analytic|, |numeric|, floor). The floor is the
size below which rounding of L alone could exceed GOOD: rounding of every pre-activation z changes L
by up to eps |dL/dz z|, so noise = 4 eps (|L| + sum |dL/dz z|) / h and floor = noise / GOOD.

    good      relative error <= 1e-6
    doubtful  relative error <= 1e-3
    wrong     above, or not finite
    kink      not good, but L has a kink between x - h and x + h or at x, where it has no
              derivative that differences could find: a pre-activation passes the kink of its
              activation, an output its target (absolute error), or a weight 0 (L1)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.backprop import chunks, reduction_factor
from bpgui.engine.descent import gradient as true_gradient
from bpgui.engine.losses import KINKED
from bpgui.engine.network import FloatArray
from bpgui.engine.penalties import penalty_of
from bpgui.engine.problem import Problem, Samples
from bpgui.engine.walk import walk

GOOD = 1e-6
WRONG = 1e-3
EPS = float(np.finfo(np.float64).eps)

Verdict: TypeAlias = Literal["good", "kink", "doubtful", "wrong"]
GradientFunction: TypeAlias = Callable[[Problem, FloatArray], FloatArray]
Progress: TypeAlias = Callable[[int, int], bool | None]


@dataclass(frozen=True, slots=True, eq=False)
class GradientCheck:
    """Both gradients of the parameters `indices`, their relative error and verdict, all (m,).

    `complete` is False where the check was cancelled; then m is as far as it came.
    """

    indices: NDArray[np.int64]
    analytic: FloatArray
    numeric: FloatArray
    relative_error: FloatArray
    verdicts: tuple[Verdict, ...]
    complete: bool = True

    @property
    def passed(self) -> bool:
        """Whether every parameter asked for was checked and none is doubtful or wrong."""
        return self.complete and {"good", "kink"}.issuperset(self.verdicts)

    def having(self, verdict: Verdict) -> NDArray[np.int64]:
        """The indices of the parameters with this verdict."""
        return self.indices[[found == verdict for found in self.verdicts]]


def check_gradient(
    problem: Problem,
    theta: FloatArray,
    indices: Sequence[int] | NDArray[np.int64] | None = None,
    on_progress: Progress | None = None,
    *,
    gradient: GradientFunction = true_gradient,
) -> GradientCheck:
    """Check the objective's gradient over all training samples at theta, for all or some indices.

    `gradient(problem, theta)` is what is checked; it gets a float64 problem and theta.
    `on_progress(done, total)` is called after each parameter and cancels by returning False.
    """
    problem = in_float64(problem)
    theta = np.array(theta, dtype=np.float64)
    chosen = np.arange(theta.size) if indices is None else np.asarray(indices, dtype=np.int64)
    analytic = np.asarray(gradient(problem, theta))[chosen]
    differences = _Differences(problem, theta)
    numeric, relative = np.empty(len(chosen)), np.empty(len(chosen))
    verdicts: list[Verdict] = []
    for place, index in enumerate(chosen):
        numeric[place], relative[place], verdict = differences.check(
            int(index), float(analytic[place])
        )
        verdicts.append(verdict)
        if on_progress is not None and on_progress(place + 1, len(chosen)) is False:
            break
    done = len(verdicts)
    return GradientCheck(
        chosen[:done],
        analytic[:done],
        numeric[:done],
        relative[:done],
        tuple(verdicts),
        complete=done == len(chosen),
    )


def in_float64(problem: Problem) -> Problem:
    """The same problem in double precision."""
    return replace(
        problem,
        train=Samples(
            problem.train.inputs.astype(np.float64), problem.train.targets.astype(np.float64)
        ),
        initial=problem.initial.astype(np.float64),
    )


class _Differences:
    """Central differences of a problem's objective around one theta."""

    def __init__(self, problem: Problem, theta: FloatArray) -> None:
        self._problem = problem
        self._theta = theta
        self._chunks = list(chunks(problem.network, problem.train))
        self._factor = reduction_factor(problem, len(problem.train))
        self._penalty = penalty_of(problem.network, problem.settings, theta)
        self._kinks = [ACTIVATIONS[layer.activation].kink for layer in problem.network.layers]
        self._signs = self._look()[1]
        self._noise = self._rounding()

    def check(self, index: int, analytic: float) -> tuple[float, float, Verdict]:
        """The numeric derivative, its relative error against the analytic one, and the verdict."""
        step = EPS ** (1 / 3) * max(1.0, abs(float(self._theta[index])))
        floor = self._noise / step / GOOD
        numeric, kinked = self._difference(index, step)
        relative = _relative_error(analytic, numeric, floor)
        if not relative <= GOOD and not kinked:
            closer, _ = self._difference(index, step / 2)
            numeric = (4.0 * closer - numeric) / 3.0
            relative = _relative_error(analytic, numeric, floor)
        return numeric, relative, _verdict(relative, kinked)

    def _difference(self, index: int, step: float) -> tuple[float, bool]:
        """D(step), and whether a kink lies between the two points or at the middle."""
        theta, x = self._theta, self._theta[index]
        try:
            theta[index] = above = x + step
            loss_above, signs_above = self._look()
            theta[index] = below = x - step
            loss_below, signs_below = self._look()
        finally:
            theta[index] = x
        kinked = not all(np.array_equal(signs, self._signs) for signs in (signs_above, signs_below))
        with np.errstate(all="ignore"):
            return float((loss_above - loss_below) / (above - below)), kinked

    def _look(self) -> tuple[float, NDArray[np.int8]]:
        """The objective at theta, and on which side of its kink everything lies that has one."""
        problem, total, sides = self._problem, 0.0, []
        aimed = len(self._kinks) if problem.loss in KINKED else 0
        with np.errstate(all="ignore"):
            for rows, targets in self._chunks:
                for layer, quantity, values in walk(
                    problem.network, problem.loss, self._factor, self._theta, rows, targets
                ):
                    if quantity == "loss":
                        total += float(values)
                        break
                    kink = self._kinks[(layer or 1) - 1]
                    if quantity == "pre_activation" and kink is not None:
                        sides.append(values - kink)
                    if quantity == "activation" and layer == aimed:
                        sides.append(values - targets)
            if self._penalty is not None:
                total += float(self._penalty.value())
            if problem.settings.l1:
                sides.append(self._theta[problem.network.is_weight])
            signs = [np.sign(side).astype(np.int8).reshape(-1) for side in sides]
        return total, np.concatenate(signs) if signs else np.empty(0, np.int8)

    def _rounding(self) -> float:
        """By how much rounding may change the objective: 4 eps (|L| + sum |dL/dz z|)."""
        problem, total = self._problem, abs(self._look()[0])
        with np.errstate(all="ignore"):
            for rows, targets in self._chunks:
                z = {}
                for layer, quantity, values in walk(
                    problem.network, problem.loss, self._factor, self._theta, rows, targets
                ):
                    if quantity == "pre_activation":
                        z[layer] = values
                    if quantity == "delta":
                        total += float(np.abs(values * z[layer]).sum())
        return 4.0 * EPS * total


def _relative_error(analytic: float, numeric: float, floor: float) -> float:
    size = max(abs(analytic), abs(numeric), floor)
    return abs(analytic - numeric) / size if size else 0.0


def _verdict(relative: float, kinked: bool) -> Verdict:
    if relative <= GOOD:
        return "good"
    if kinked:
        return "kink"
    return "doubtful" if relative <= WRONG else "wrong"
