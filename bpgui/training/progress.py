"""What a run has reached and what it is to do next: commands and bursts in, orders and snapshots
out.

No thread and no executor here: `bpgui.training.run` brings those.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from bpgui.engine.descent import Divergence, initial_state
from bpgui.engine.evaluation import Evaluation
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.training import commands
from bpgui.training.burst import Burst, Order
from bpgui.training.history import (
    EVALUATIONS,
    GRADIENT_ROWS,
    ClockRecord,
    LossRecord,
    Schedule,
    StridedRecord,
    bin_edges,
    read_only,
)
from bpgui.training.messages import divergence_message
from bpgui.training.pacing import (
    Pace,
    Rate,
    adapted,
    burst_seconds,
    evaluation_is_long,
    evaluation_schedule,
    most_under_way,
)
from bpgui.training.snapshot import (
    Evaluations,
    GradientRows,
    RunState,
    Snapshot,
    Stretch,
    changed,
)

EVALUATION_SHARE = 0.02  # of the time of a run that goes on, for evaluations at ends of bursts
NOT_EVALUATED = Evaluation(math.nan, math.nan, None, None, None)
ENDED = (RunState.FINISHED, RunState.DIVERGED)


class Progress:
    """The state of one run. Iterations go on while `goal`, the iteration at which to pause, is
    ahead."""

    def __init__(self, problem: Problem, run_id: int) -> None:
        self.problem = problem
        self.run_id = run_id
        self.settings = problem.settings
        self.train_state = initial_state(problem)
        self._goal: float = 0
        self._size = 1
        self._limit: float | None = None
        self._pace: Pace | None = None
        self._gradient: FloatArray | None = None
        self._update: FloatArray | None = None
        self._evaluation, self._evaluated_at = NOT_EVALUATED, 0
        self._stale = True
        self._evaluation_seconds = self._seconds_since = 0.0
        self._patient = not evaluation_is_long(problem)
        self._under_way: deque[Order] = deque()
        self._number, self._followed = 0, False
        self._divergence: Divergence | None = None
        self._finished = False
        self._failure = ""
        self._stretches: tuple[Stretch, ...] = (Stretch(0, problem.settings, {}),)
        self._edges = bin_edges(problem.network.size)
        self._losses = LossRecord()
        self._objectives = StridedRecord(EVALUATIONS, 2, evaluation_schedule(problem))
        self._rows = StridedRecord(
            GRADIENT_ROWS, len(self._edges) - 1, Schedule(1), dtype=problem.dtype
        )
        self._norms = StridedRecord(GRADIENT_ROWS, len(problem.network.layers), Schedule(1))
        self._clock, self._seconds = ClockRecord(), 0.0
        self._rate = Rate()

    @property
    def iteration(self) -> int:
        return self.train_state.iteration

    @property
    def running(self) -> bool:
        return self._goal > self.iteration

    @property
    def exact(self) -> bool:
        """Whether the evaluation is that of the parameters."""
        return not self._stale

    @property
    def state(self) -> RunState:
        if self._failure:
            return RunState.FAILED
        if self._divergence is not None:
            return RunState.DIVERGED
        if self.running:
            return RunState.RUNNING
        return RunState.FINISHED if self._finished or self._stop_rule_holds() else RunState.PAUSED

    def _stop_rule_holds(self) -> bool:
        stop, per_epoch = self.settings.stop, self.problem.batches_per_epoch
        if stop.max_epochs is not None and self.iteration >= stop.max_epochs * per_epoch:
            return True
        return (
            stop.loss_below is not None
            and self.exact
            and self.iteration % per_epoch == 0
            and self._evaluation.loss < stop.loss_below
        )

    # --- commands -------------------------------------------------------------------------------

    def obey(self, command: commands.Command, now: float) -> None:
        """Take in one command; what makes no sense in the present state is passed over."""
        OBEY[type(command)](self, command, now)

    def _go(self, _: commands.Go, now: float) -> None:
        self._aim(math.inf, now)

    def _pause(self, _: commands.Pause, now: float) -> None:
        self._goal = self.iteration

    def _step(self, command: commands.Step, now: float) -> None:
        self._aim(self._base() + command.iterations, now)

    def _step_epoch(self, _: commands.StepEpoch, now: float) -> None:
        per_epoch = self.problem.batches_per_epoch
        self._aim((self._base() // per_epoch + 1) * per_epoch, now)

    def _base(self) -> int:
        """Where the iterations asked for so far end, so that steps asked for in a row add up."""
        return self.iteration if math.isinf(self._goal) else max(self.iteration, int(self._goal))

    def _aim(self, goal: float, now: float) -> None:
        if self.state in ENDED:
            return
        self._failure = ""
        if not self.running:
            self._rate.restart(now, self.iteration)
            self._set_pace(now)
        self._goal = goal

    def _change_settings(self, command: commands.ChangeSettings, now: float) -> None:
        if commands.changes_course(self.settings, command.settings):
            self._stretches = changed(self._stretches, self.iteration, command.settings)
        self.settings = command.settings
        self._reconsider()

    def _set_parameter(self, command: commands.SetParameter, now: float) -> None:
        if self.running:
            return
        parameters = self.train_state.parameters.copy()
        parameters[command.index] = command.value
        self.train_state = replace(self.train_state, parameters=parameters)
        self._followed = False
        values = {command.index: command.value}
        self._stretches = changed(self._stretches, self.iteration, self.settings, values)
        self._reconsider()

    def _reconsider(self) -> None:
        """What ended the run may hold no longer, and its objective may be another."""
        self._divergence, self._finished = None, False
        self._stale = self._stale or not self.running

    def _set_speed(self, command: commands.SetSpeed, now: float) -> None:
        self._limit = command.limit
        self._set_pace(now)

    def _set_pace(self, now: float) -> None:
        self._pace = None if self._limit is None else Pace(self._limit, now, self.iteration)

    # --- bursts ---------------------------------------------------------------------------------

    @property
    def _ahead(self) -> int:
        """The iteration that the orders under way lead to."""
        return self.iteration + sum(order.count for order in self._under_way)

    def order(self, now: float) -> Order | None:
        """What to compute next, if anything and if the speed limit allows it now.

        Several orders may be under way, so that one is carried out while what others did is taken
        in; each burst must come back by `absorb`, in their order, or all by `recall`. Before
        a command is obeyed, none may be.
        """
        if self._failure or len(self._under_way) >= self._most_under_way():
            return None
        at = self._ahead
        if self._goal <= at:
            return None if self.exact or self._under_way else self._order(0, evaluate=True)
        allowed: float = self._size
        if self._pace is not None:
            self._pace = self._pace.without_arrears(now, at)
            allowed = min(allowed, self._pace.released(now, at))
        count = int(min(allowed, self._goal - at))
        if not count:
            return None
        affordable = self._evaluation_seconds <= EVALUATION_SHARE * self._seconds_since
        last = count == self._goal - at
        return self._order(count, evaluate=affordable or (last and self._patient))

    def _most_under_way(self) -> int:
        return most_under_way(self.problem) if self._pace is None else 1

    def _order(self, count: int, evaluate: bool) -> Order:
        self._number += 1
        if evaluate:
            self._seconds_since = 0.0
        order = Order(
            self._number,
            None if self._followed else self.train_state,
            self.settings,
            count,
            self._losses.width,
            self._rows.schedule.stride,
            self._objectives.schedule,
            evaluate,
        )
        self._under_way.append(order)
        self._followed = True
        return order

    def recall(self) -> None:
        """Forget the orders under way; the next one brings the state along."""
        self._under_way.clear()
        self._followed = False

    def delay(self, now: float) -> float | None:
        """Seconds until an order is allowed by the speed limit; None if none is to come by
        itself."""
        if not self.running or self._failure or self._pace is None:
            return None
        return self._pace.delay(now, self.iteration)

    def absorb(self, burst: Burst, now: float) -> bool:
        """Take in what the first of the orders under way did; False if that was nothing, for the
        one before had ended training."""
        self._under_way.popleft()
        done = burst.state.iteration - self.iteration
        if not done and burst.evaluation is None:
            return False
        self._record(burst)
        self._seconds_since += burst.seconds
        if done:
            self._clock.add(burst.state.iteration, self._seconds)
            self._rate.add(now, burst.state.iteration)
            self._size = adapted(self._size, done, burst.seconds, burst_seconds(self.problem))
            self._gradient, self._update = burst.gradient, burst.update
        self.train_state = burst.state
        if burst.evaluation is not None:
            self._evaluation, self._evaluated_at = burst.evaluation, burst.evaluated_at
            self._evaluation_seconds = burst.evaluation_seconds
        self._stale = burst.evaluation is None or self._evaluated_at != self.iteration
        if burst.ended is not None:
            self._end(burst.ended)
        return True

    def _record(self, burst: Burst) -> None:
        self._losses.join(burst.losses, burst.state.iteration)
        self._rows.extend(burst.row_iterations, burst.rows)
        self._norms.extend(burst.row_iterations, burst.norms)
        self._objectives.extend(*self._new_objectives(burst))
        self._seconds += burst.compute_seconds

    def _end(self, why: Literal["max_epochs", "loss_below"] | Divergence) -> None:
        self._divergence = why if isinstance(why, Divergence) else None
        self._finished = self._divergence is None
        self._goal = self.iteration
        self._followed = False

    def _new_objectives(self, burst: Burst) -> tuple[np.ndarray[Any, Any], FloatArray]:
        """Those not on record yet: an iteration is evaluated once more when a weight is set
        there."""
        iterations, _ = self._objectives.view()
        new = burst.evaluated > (iterations[-1] if len(iterations) else -1)
        return burst.evaluated[new], burst.objectives[new]

    def fail(self, message: str) -> None:
        """Stop with the last good state; `message` says why."""
        self._failure = message
        self._goal = self.iteration
        self.recall()

    # --- snapshots ------------------------------------------------------------------------------

    @property
    def presentable(self) -> bool:
        """Whether a snapshot may be shown: one of a run that rests waits for its evaluation, unless
        that takes long and the last one is seen to be older."""
        older = self._evaluation is not NOT_EVALUATED and self._evaluated_at < self.iteration
        return self.running or self.exact or bool(self._failure) or (older and not self._patient)

    def snapshot(self) -> Snapshot:
        evaluated, objectives = self._objectives.view()
        rows_at, rows = self._rows.view()
        _, norms = self._norms.view()
        message = divergence_message(self._divergence) if self._divergence else ""
        return Snapshot(
            run_id=self.run_id,
            state=self.state,
            iteration=self.iteration,
            epoch=self.iteration // self.problem.batches_per_epoch,
            parameters=read_only(self.train_state.parameters),
            gradient=None if self._gradient is None else read_only(self._gradient),
            update=None if self._update is None else read_only(self._update),
            slots=read_only(self.train_state.slots),
            settings=self.settings,
            evaluation=self._evaluation,
            evaluated_at=self._evaluated_at,
            losses=self._losses.view(),
            evaluations=Evaluations(evaluated, objectives[:, 0], objectives[:, 1]),
            gradients=GradientRows(rows_at, rows, norms, self._edges),
            clock=self._clock.view(),
            stretches=self._stretches,
            iterations_per_second=self._rate.value,
            message=self._failure or message,
            divergence=self._divergence,
        )


OBEY: dict[type[Any], Callable[[Progress, Any, float], None]] = {
    commands.Go: Progress._go,
    commands.Pause: Progress._pause,
    commands.Step: Progress._step,
    commands.StepEpoch: Progress._step_epoch,
    commands.ChangeSettings: Progress._change_settings,
    commands.SetParameter: Progress._set_parameter,
    commands.SetSpeed: Progress._set_speed,
}
