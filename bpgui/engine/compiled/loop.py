"""The loop that hands its iterations to the kernel; see the package and engine.loop.Loop."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import partial
from itertools import accumulate
from math import nan

import numpy as np

from bpgui.engine.compiled import library
from bpgui.engine.compiled.orders import Orders
from bpgui.engine.compiled.places import LANES, InOrder, Places, Transposed, aligned, filled
from bpgui.engine.compiled.rule import OPTIMIZERS, set_rule
from bpgui.engine.evaluation import Evaluator
from bpgui.engine.loop import Ending, Memory, Outcome
from bpgui.engine.network import FloatArray
from bpgui.engine.pairs import both
from bpgui.engine.problem import Problem, Settings
from bpgui.engine.recording import RowRecord

# Places in the enumerations of kernel.h.
ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "softmax")
LOSSES = (
    "squared_error",
    "half_squared_error",
    "mean_squared_error",
    "absolute_error",
    "huber",
    "binary_cross_entropy",
    "cross_entropy",
)
FUSED = {("sigmoid", "binary_cross_entropy"): 7, ("softmax", "cross_entropy"): 8}
ENDINGS: tuple[Ending, ...] = (None, "loss_below", "failed")
PANEL = 512  # samples of a batch that are looked at together; more do not stay near the processor
SHARED = 2_000_000  # products in an iteration from which on two threads share them


def supports(problem: Problem) -> bool:
    """Whether the compiled loop, the faster one, is installed and can train this problem."""
    network = problem.network
    return (
        library.available()
        and problem.dtype in library.PRECISIONS
        and problem.settings.optimizer.name in OPTIMIZERS
        and problem.fault is None
        and _sizes_fit(problem)
        and all(layer.activation in ACTIVATIONS for layer in network.layers)
        and problem.loss in LOSSES
    )


def _products(problem: Problem) -> int:
    """An iteration multiplies by each weight three times for each sample: forward, for its
    gradient, and back."""
    return 3 * problem.network.size * _batch(problem)


def _sizes_fit(problem: Problem) -> bool:
    """Whether all arrays have the sizes that the kernel, which looks at none of them, relies on."""
    network, data = problem.network, problem.train
    sizes = [network.inputs, *(layer.units for layer in network.layers)]
    return (
        [layer.inputs for layer in network.layers] == sizes[:-1]
        and min(sizes) > 0
        and len(data) > 0
        and data.inputs.shape == (len(data), network.inputs)
        and data.targets.shape == (len(data), network.outputs)
        and (problem.batch_size is None or problem.batch_size > 0)
    )


def _batch(problem: Problem) -> int:
    count = len(problem.train)
    return min(problem.batch_size or count, count)


class CompiledLoop:
    """One problem's buffers and structures for the kernel, for which `supports` must hold."""

    def __init__(self, problem: Problem, memory: Memory) -> None:
        self._problem = problem
        self._memory = memory
        self._train = library.function("train", library.PRECISIONS[problem.dtype])
        self._per_epoch = problem.batches_per_epoch
        self._evaluator = Evaluator(problem)
        self._orders = Orders(problem) if problem.shuffle and self._per_epoch > 1 else None
        self._is_weight = problem.network.is_weight.astype(problem.dtype)
        self._inputs = np.ascontiguousarray(problem.train.inputs, problem.dtype)
        self._targets = _targets(problem)
        arrange = Transposed if _batch(problem) == 1 else InOrder
        self._places: Places = arrange(problem.network, memory)
        self._layers, blocks = _layers(problem, self._places)
        self._workspace = aligned((blocks[-1],), problem.dtype)
        is_shared = self._places.address is None and _products(problem) >= SHARED
        self._team = library.new_team() if is_shared else None
        self._plan = self._make_plan(blocks)
        self._call = library.Call()

    def _make_plan(self, blocks: list[int]) -> library.Plan:
        problem, places = self._problem, self._places
        last = problem.network.layers[-1].activation
        first_input, first_target, sums, masked = blocks[-5:-1]
        return library.Plan(
            layers=self._layers,
            depth=len(self._layers),
            size=len(places.gradient),
            slots=len(places.values) - 1,
            samples=len(problem.train),
            batch=_batch(problem),
            mean=problem.reduction == "mean",
            loss=FUSED.get((last, problem.loss), LOSSES.index(problem.loss)),
            optimizer=OPTIMIZERS.index(problem.settings.optimizer.name),
            inputs=self._inputs.ctypes.data,
            targets=self._targets.ctypes.data,
            memory=places.values.ctypes.data,
            gradient=places.gradient.ctypes.data,
            workspace=self._workspace.ctypes.data,
            first_input=first_input,
            first_target=first_target,
            masked=masked,
            sums=sums,
            panel=PANEL,
            places=places.address,
            parameters=problem.network.size,
            team=None if self._team is None else ctypes.pointer(self._team),
        )

    def run(self, first: int, last: int, settings: Settings, record_every: int) -> Outcome:
        if first < 0 or record_every < 0:
            raise ValueError("iterations and strides are not negative")
        call = self._call
        losses = np.empty(max(0, last - first), self._memory.theta.dtype)
        rows = RowRecord(record_every, first, last, self._memory.gradient)
        call.losses, call.rows = losses.ctypes.data, rows.rows.ctypes.data
        call.record_every, call.next_row = record_every, rows.next
        call.done = call.recorded = call.ending = 0
        kept = self._set(settings)  # alive as long as the kernel reads it
        self._places.load()
        if self._team is None:
            self._train_spans(first, last, settings)
        else:
            self._team.ended = 0
            both(partial(self._lead, first, last, settings), partial(library.helper(), self._team))
        del kept
        self._places.save()
        rows.done = call.recorded
        done = call.done
        ending = ENDINGS[call.ending]
        if ending is None and done < len(losses):
            ending = "loss_below"
        return Outcome(losses[:done], rows, ending)

    def _lead(self, first: int, last: int, settings: Settings) -> None:
        """Train, while another thread may help."""
        assert self._team is not None
        try:
            self._train_spans(first, last, settings)
        finally:
            self._team.ended = 1

    def _train_spans(self, first: int, last: int, settings: Settings) -> None:
        call = self._call
        for call.first, call.last in self._spans(first, last, settings):
            self._train(self._plan, call)
            if call.ending:
                break

    def _set(self, settings: Settings) -> list[FloatArray]:
        """Write the settings into the call; the arrays must live as long as they are used."""
        call = self._call
        kept = set_rule(call, self._problem, settings, self._memory.theta, self._places)
        below = settings.stop.loss_below
        call.threshold = below if below is not None and self._per_epoch == 1 else nan
        call.l1 = call.l2 = None
        if settings.l1 or settings.l2:
            arrays = self._is_weight * settings.l1, self._is_weight * settings.l2
            kept += map(self._places.arranged, arrays)
            call.l1, call.l2 = (array.ctypes.data for array in kept[-2:])
        return kept

    def _spans(self, first: int, last: int, settings: Settings) -> Iterator[tuple[int, int]]:
        """The iterations in parts that one call can do; fewer where the objective over all samples,
        looked at before each epoch, falls below its threshold."""
        below = settings.stop.loss_below if self._per_epoch > 1 else None
        while first < last:
            epoch, number = divmod(first, self._per_epoch)
            until = last
            if below is not None:
                if number == 0 and self._objective(settings) < below:
                    return
                until = min(last, (epoch + 1) * self._per_epoch)
            if self._orders is not None:
                after = self._orders.provide(epoch, (until - 1) // self._per_epoch + 1)
                until = min(until, after * self._per_epoch)
                self._call.orders = self._orders.address
                self._call.orders_epoch = self._orders.first
            yield first, until
            first = until

    def _objective(self, settings: Settings) -> float:
        self._places.save()
        return self._evaluator.objective(self._memory.theta, settings)


def _targets(problem: Problem) -> FloatArray:
    """The targets (samples, outputs); where a batch is one sample, filled up to whole vectors."""
    targets = problem.train.targets
    if _batch(problem) > 1:
        return np.ascontiguousarray(targets, problem.dtype)
    wide = aligned((len(targets), filled(targets.shape[1])), problem.dtype)
    wide[:, : targets.shape[1]] = targets
    return wide


def _layers(problem: Problem, places: Places) -> tuple[ctypes.Array[library.Layer], list[int]]:
    """The layers for the kernel; and where in the workspace each layer's activations and deltas
    begin, then the inputs, the targets, what is kept from panel to panel, the masked gradient, and
    what lies after."""
    network, batch, size = problem.network, _batch(problem), len(places.gradient)
    padded = filled(min(batch, PANEL))
    sizes = [layer.units * padded for layer in network.layers for _ in range(2)]
    kept = LANES * size if batch > PANEL else 0
    sizes += [network.inputs * padded, network.outputs * padded, kept, size]
    blocks = list(accumulate(sizes, initial=0))
    layers = (library.Layer * len(network.layers))(
        *(
            library.Layer(
                inputs=layer.inputs,
                units=layer.units,
                bias=layer.bias != "none",
                activation=ACTIVATIONS.index(layer.activation),
                weights=places.offsets[i],
                activations=blocks[2 * i],
                deltas=blocks[2 * i + 1],
            )
            for i, layer in enumerate(network.layers)
        )
    )
    return layers, blocks
