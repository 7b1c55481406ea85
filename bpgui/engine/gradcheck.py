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
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.backprop import network_rows
from bpgui.engine.descent import gradient as true_gradient
from bpgui.engine.differences import EPS, Differences
from bpgui.engine.faults import Moment, faulty_gradient
from bpgui.engine.network import FloatArray
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.penalties import penalty_of
from bpgui.engine.problem import Problem, Samples

GOOD = 1e-6
WRONG = 1e-3

Verdict: TypeAlias = Literal["good", "kink", "doubtful", "wrong"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)  # from what needs no look to what does
GradientFunction: TypeAlias = Callable[[Problem, FloatArray], FloatArray]
Progress: TypeAlias = Callable[[int, int], bool | None]


@dataclass(frozen=True, slots=True, eq=False)
class GradientCheck:
    """Both gradients of the parameters `indices`, their relative error, and their verdict as a
    place in VERDICTS, all (m,).

    `complete` is False where the check was cancelled; then m is as far as it came.
    """

    indices: NDArray[np.int64]
    analytic: FloatArray
    numeric: FloatArray
    relative_error: FloatArray
    places: NDArray[np.int8]
    complete: bool = True

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(VERDICTS[place] for place in self.places)

    @property
    def passed(self) -> bool:
        """Whether every parameter asked for was checked and none is doubtful or wrong."""
        return self.complete and bool((self.places <= VERDICTS.index("kink")).all())

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many parameters have each verdict."""
        found = np.bincount(self.places, minlength=len(VERDICTS)).tolist()
        return dict(zip(VERDICTS, found, strict=True))

    @classmethod
    def joined(cls, parts: Sequence[GradientCheck], complete: bool) -> GradientCheck:
        """One check of all that the parts checked."""
        return cls(
            np.concatenate([part.indices for part in parts]),
            np.concatenate([part.analytic for part in parts]),
            np.concatenate([part.numeric for part in parts]),
            np.concatenate([part.relative_error for part in parts]),
            np.concatenate([part.places for part in parts]),
            complete,
        )

    def having(self, verdict: Verdict) -> NDArray[np.int64]:
        """The indices of the parameters with this verdict."""
        found: NDArray[np.int64] = self.indices[self.places == VERDICTS.index(verdict)]
        return found


def check_gradient(
    problem: Problem,
    theta: FloatArray,
    indices: Sequence[int] | NDArray[np.int64] | None = None,
    on_progress: Progress | None = None,
    *,
    gradient: GradientFunction | None = None,
) -> GradientCheck:
    """Check the objective's gradient over all training samples at theta, for all or some indices.

    `gradient(problem, theta)` is what is checked, `used_gradient` where none is given; it gets a
    float64 problem and theta.
    `on_progress(done, total)` is called after each parameter and cancels by returning False.
    """
    return Checker(problem, theta, gradient).check(indices, on_progress)


class Checker:
    """Checks one gradient piece by piece; see check_gradient."""

    def __init__(
        self, problem: Problem, theta: FloatArray, gradient: GradientFunction | None = None
    ) -> None:
        problem = in_float64(problem)
        self._theta = np.array(theta, dtype=np.float64)
        self._analytic = np.asarray((gradient or used_gradient)(problem, self._theta))
        self._differences = Differences(problem, self._theta)

    def check(
        self,
        indices: Sequence[int] | NDArray[np.int64] | None = None,
        on_progress: Progress | None = None,
    ) -> GradientCheck:
        """Check the parameters `indices`, all where none are given."""
        size = self._theta.size
        chosen = np.arange(size) if indices is None else np.asarray(indices, dtype=np.int64)
        total, done = len(chosen), 0
        numeric, relative = np.empty(total), np.empty(total)
        places = np.empty(total, dtype=np.int8)
        for index in map(int, chosen):
            numeric[done], relative[done], verdict = _check(
                self._differences, float(self._theta[index]), index, float(self._analytic[index])
            )
            places[done] = VERDICTS.index(verdict)
            done += 1
            if on_progress is not None and on_progress(done, total) is False:
                break
        return GradientCheck(
            chosen[:done],
            self._analytic[chosen[:done]],
            numeric[:done],
            relative[:done],
            places[:done],
            complete=done == total,
        )


def used_gradient(
    problem: Problem, theta: FloatArray, slots: FloatArray | None = None, iteration: int = 0
) -> FloatArray:
    """The objective's gradient (size,) at theta as training gets it: by the problem's fault where
    it has one, penalties included, over all training samples as one batch.

    A fault that updates a layer before the error goes on needs to know where the optimizer stands:
    `slots` (slots, size), zeros where none are given, and `iteration`, the number of updates done.
    Then this is what the optimizer is handed, layer by layer; for plain descent that is the update
    divided by minus the learning rate.
    """
    if problem.fault is None:
        return true_gradient(problem, theta)
    settings = problem.settings
    if slots is None:
        slots = np.zeros((len(OPTIMIZERS[settings.optimizer.name].slots), theta.size), theta.dtype)
    rows = network_rows(problem.network, problem.train.inputs)
    targets = np.ascontiguousarray(problem.train.targets.T)
    with np.errstate(all="ignore"):
        moment = Moment(settings, theta, slots.astype(theta.dtype), iteration)
        found = faulty_gradient(problem, moment, rows, targets)
        penalty = penalty_of(problem.network, settings, theta)
        if penalty is not None:
            penalty.add_gradient(found)
    return found


def in_float64(problem: Problem) -> Problem:
    """The same problem in double precision."""
    return replace(
        problem,
        train=Samples(
            problem.train.inputs.astype(np.float64), problem.train.targets.astype(np.float64)
        ),
        initial=problem.initial.astype(np.float64),
    )


def _check(
    differences: Differences, x: float, index: int, analytic: float
) -> tuple[float, float, Verdict]:
    """The numeric derivative at x = theta[index], its relative error against the analytic one, and
    the verdict."""
    step = EPS ** (1 / 3) * max(1.0, abs(x))
    floor = differences.noise / step / GOOD
    numeric, kinked = differences.difference(index, step)
    relative = _relative_error(analytic, numeric, floor)
    if not relative <= GOOD and not kinked:
        closer, _ = differences.difference(index, step / 2)
        numeric = (4.0 * closer - numeric) / 3.0
        relative = _relative_error(analytic, numeric, floor)
    return numeric, relative, _verdict(relative, kinked)


def _relative_error(analytic: float, numeric: float, floor: float) -> float:
    size = max(abs(analytic), abs(numeric), floor)
    return abs(analytic - numeric) / size if size else 0.0


def _verdict(relative: float, kinked: bool) -> Verdict:
    if relative <= GOOD:
        return "good"
    if kinked:
        return "kink"
    return "doubtful" if relative <= WRONG else "wrong"
