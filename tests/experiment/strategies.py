"""Random experiments whose parts fit together."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bpgui.datasets.generators import GENERATORS
from bpgui.engine.faults import FAULTS
from bpgui.experiment import models, sources
from bpgui.experiment.controls import NAMES
from bpgui.experiment.data_shape import known_shape
from bpgui.experiment.edits import OPTIMIZERS, SCHEMES
from bpgui.experiment.lessons import lockable
from bpgui.experiment.rules import OUTPUTS_OF_LOSS, shape_of

numbers = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(min_value=1e-12, max_value=1e6)
seeds = st.integers(0, 2**63 - 1)
fractions = st.floats(0, 1, exclude_max=True)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10)
features = st.lists(
    st.sampled_from(["x1", "x1^2", "sin(x1)", "q = x1*x1; exp(-q)"]), min_size=1, max_size=3
).map(tuple)
HIDDEN = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus"]
LOSSES = list(models.Loss.model_fields["name"].annotation.__args__)  # type: ignore[union-attr]


@st.composite
def networks(draw: Any, inputs: int | None, outputs: int | None, loss: str) -> models.Network:
    def layer(activations: Any, units: int | None = None) -> models.Layer:
        return models.Layer(
            units=units or draw(st.integers(1, 4)),
            activation=draw(st.sampled_from(activations)),
            bias=draw(st.sampled_from(["trained", "fixed", "none"])),
        )

    hidden = [layer(HIDDEN) for _ in range(draw(st.integers(0, 3)))]
    last = layer(OUTPUTS_OF_LOSS.get(loss, [*HIDDEN, "softmax"]), outputs)
    return models.Network(inputs=inputs or draw(st.integers(1, 4)), layers=(*hidden, last))


def rows(count: int, length: int) -> Any:
    return st.tuples(*[st.tuples(*[numbers] * length)] * count)


@st.composite
def manual_weights(draw: Any, network: models.Network) -> models.Manual:
    layers = shape_of(network).layers
    return models.Manual(
        weights=tuple(draw(rows(layer.units, layer.inputs)) for layer in layers),
        biases=tuple(
            None if layer.bias == "none" else draw(rows(1, layer.units))[0] for layer in layers
        ),
    )


@st.composite
def drawn_weights(draw: Any) -> models.Drawn:
    model = SCHEMES[draw(st.sampled_from(list(SCHEMES)))]
    low, high = sorted(draw(st.tuples(*[st.floats(-1e6, 1e6)] * 2)))
    values = {
        "bias": draw(numbers),
        "seed": draw(seeds),
        "low": low,
        "high": high,
        "mean": draw(numbers),
        "std": draw(positive),
        "value": draw(numbers),
    }
    return model(**{key: value for key, value in values.items() if key in model.model_fields})


@st.composite
def inline(draw: Any, network: models.Network) -> sources.Inline:
    count, outputs = draw(st.integers(1, 5)), network.layers[-1].units
    flat = st.integers(0, outputs - 1).map(float) if outputs > 1 else numbers
    targets = st.one_of(rows(count, outputs), st.tuples(*[flat] * count))
    names = draw(st.none() | st.lists(words, min_size=2, max_size=3).map(tuple))
    called = st.lists(words, min_size=network.inputs, max_size=network.inputs).map(tuple)
    return sources.Inline(
        inputs=draw(rows(count, network.inputs)),
        targets=draw(targets),
        names=draw(st.none() | called),
        classes=names,
    )


@st.composite
def generated(draw: Any) -> sources.Generated:
    return sources.Generated(
        name=draw(st.sampled_from(sorted(GENERATORS))),
        samples=draw(st.integers(1, 1_000_000)),
        noise=draw(positive),
        seed=draw(seeds),
        test_fraction=draw(fractions),
        features=draw(st.none() | features),
    )


@st.composite
def csv_data(
    draw: Any, inputs: tuple[str, ...], targets: tuple[str, ...], width: int
) -> sources.Csv:
    """The first column is spread over so many inputs of the network."""

    def scaling(columns: int) -> Any:
        method = draw(st.sampled_from(["standardize", "range"]))
        offset = draw(st.tuples(*[numbers] * columns))
        scale = draw(st.tuples(*[positive] * columns))
        given = sources.Scaling(method=method, offset=offset, scale=scale)
        return draw(st.sampled_from([None, sources.Scaling(method=method), given]))

    two = st.just(("yes", "no")) | st.none()
    spread = (
        () if width == 1 else draw(st.lists(words, min_size=width, max_size=width, unique=True))
    )
    categories = [sources.Categories(column=inputs[0], values=tuple(spread))] if spread else ()
    return sources.Csv(
        path=draw(words),
        inputs=inputs,
        targets=targets,
        delimiter=draw(st.sampled_from([None, ";", "\t", "|", " "])),
        decimal=draw(st.sampled_from([".", ","])),
        encoding=draw(st.sampled_from([None, "utf-8", "cp1252"])),
        header=draw(st.booleans()),
        missing=sources.Missing(
            policy=draw(st.sampled_from(["refuse", "drop", "mean", "median"])),
            markers=tuple(draw(st.lists(words, max_size=2))),
        ),
        classes=draw(two) if len(targets) == 1 else None,
        categories=tuple(categories),
        scaling=scaling(len(inputs) + width - 1),
        target_scaling=scaling(len(targets)),
        checksum=draw(st.none() | st.just("0" * 64)),
        size=draw(st.none() | st.integers(1, 2**40)),
        test_fraction=draw(fractions),
        seed=draw(seeds),
    )


@st.composite
def from_files(draw: Any, network: models.Network) -> sources.Data:
    if draw(st.booleans()):
        return sources.Idx(
            images=draw(words),
            labels=draw(words),
            test_fraction=draw(fractions),
            split=draw(st.sampled_from(["random", "last"])),
        )
    width = draw(st.integers(1, min(network.inputs, 3)))
    count = network.inputs - width + 1
    columns = draw(st.lists(words, min_size=count + 1, max_size=count + 3, unique=True))
    return draw(csv_data(tuple(columns[:count]), tuple(columns[count:]), width))


@st.composite
def trainings(draw: Any, network: models.Network) -> models.Training:
    optimizer = OPTIMIZERS[draw(st.sampled_from(list(OPTIMIZERS)))]
    shape = shape_of(network)
    held = draw(st.sets(st.integers(0, shape.size - 1), max_size=3))
    counts = st.none() | st.integers(1, 2**63 - 1)
    return models.Training(
        optimizer=optimizer(learning_rate=draw(positive)),
        batch_size=draw(counts),
        shuffle=draw(st.booleans()),
        seed=draw(seeds),
        l1=draw(st.just(0.0) | positive),
        l2=draw(st.just(0.0) | positive),
        precision=draw(st.sampled_from(["float64", "float32"])),
        stop=models.Stop(max_epochs=draw(counts), loss_below=draw(st.none() | positive)),
        frozen=tuple(shape.parameter(i).name for i in sorted(held)),
        fault=draw(st.none() | st.sampled_from(sorted(FAULTS))),
    )


@st.composite
def lessons(draw: Any) -> models.Lesson:
    hidden = draw(st.sets(st.sampled_from(NAMES), max_size=5))
    locked = draw(st.sets(st.sampled_from([name for name in NAMES if lockable(name)]), max_size=5))
    return models.Lesson(
        locked=tuple(sorted(locked - hidden)), hidden=tuple(sorted(hidden)), note=draw(texts)
    )


@st.composite
def experiments(draw: Any) -> models.Experiment:
    loss = draw(st.sampled_from(LOSSES))
    source = draw(st.sampled_from(["inline", "generated", "files", "digits"]))
    data: Any = draw(generated()) if source == "generated" else sources.Digits()
    shape = known_shape(data) if source in ("digits", "generated") else (None, None)
    network = draw(networks(*shape, loss))
    if source in ("inline", "files"):
        data = draw(inline(network) if source == "inline" else from_files(network))
    small = shape_of(network).size < 60
    return models.Experiment(
        name=draw(texts),
        description=draw(texts),
        network=network,
        initial_weights=draw(manual_weights(network) if small else drawn_weights()),
        data=data,
        loss=models.Loss(name=loss, reduction=draw(st.sampled_from(["mean", "sum"]))),
        training=draw(trainings(network)),
        lesson=draw(st.none() | lessons()),
    )
