"""Files of format version 1, which must load for ever and mean what they meant.

Never change a file in tests/presets_v1, nor what is expected of it here; a newer format adds a
folder of its own.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bpgui.experiment import models as m
from bpgui.experiment import presets, sources

FOLDER = Path(__file__).parents[1] / "presets_v1"

MINIMAL = m.Experiment(
    name="",
    description="",
    network=m.Network(inputs=1, layers=(m.Layer(units=1, activation="sigmoid", bias="trained"),)),
    initial_weights=m.Zeros(bias=0.0),
    data=sources.Inline(inputs=((1.0,),), targets=(2.0,)),
    loss=m.Loss(name="half_squared_error", reduction="mean"),
    training=m.Training(
        optimizer=m.Sgd(learning_rate=0.001),
        batch_size=None,
        shuffle=False,
        seed=0,
        l1=0.0,
        l2=0.0,
        precision="float64",
        stop=m.Stop(max_epochs=None, loss_below=None),
        frozen=(),
    ),
)


def like_minimal(**changes: object) -> m.Experiment:
    return MINIMAL.model_copy(update=changes)


def trained_by(optimizer: m.Optimizer) -> m.Training:
    return MINIMAL.training.model_copy(update={"optimizer": optimizer})


def layers(inputs: int, *given: tuple[int, str, str]) -> m.Network:
    made = [m.Layer(units=u, activation=a, bias=b) for u, a, b in given]  # type: ignore[arg-type]
    return m.Network(inputs=inputs, layers=tuple(made))


GOLDEN = {
    "minimal": MINIMAL,
    "classes": like_minimal(
        name="Klassen — 类别",
        network=layers(2, (3, "leaky_relu", "none"), (3, "softmax", "none")),
        initial_weights=m.Manual(
            weights=(
                ((1.0, 2.0), (3.0, 4.0), (5.0, 6.0)),
                ((0.1, 0.2, 0.3), (0.4, 0.5, 0.6), (0.7, 0.8, 0.9)),
            ),
            biases=(None, None),
        ),
        data=sources.Inline(inputs=((0.0, 1.0), (1.0, 0.0), (1.0, 1.0)), targets=(0.0, 2.0, 1.0)),
        loss=m.Loss(name="cross_entropy", reduction="sum"),
        training=m.Training(
            optimizer=m.Adam(learning_rate=0.01, beta1=0.8, beta2=0.99, eps=1e-7),
            batch_size=2,
            shuffle=True,
            seed=2**63 - 1,
            l1=0.001,
            l2=0.01,
            precision="float32",
            stop=m.Stop(max_epochs=5, loss_below=0.5),
            frozen=("w(1)[2,1]", "w(2)[3,3]"),
        ),
    ),
    "generated": like_minimal(
        network=layers(2, (4, "elu", "trained"), (1, "tanh", "trained")),
        initial_weights=m.Uniform(low=-0.5, high=0.5, seed=3, bias=0.1),
        data=sources.Generated(name="spiral", samples=50, noise=0.2, seed=4, test_fraction=0.4),
        loss=m.Loss(name="huber", reduction="mean"),
        training=trained_by(m.Nesterov(learning_rate=0.001, momentum=0.8)),
    ),
    "lesson": like_minimal(
        lesson=m.Lesson(
            locked=("network", "training.optimizer.learning_rate", "data.reading", "parameters"),
            hidden=("backward", "panel.graph", "command.speed"),
            note="Press Run.",
        )
    ),
    "features": like_minimal(
        network=layers(3, (1, "sigmoid", "trained")),
        data=sources.Inline(
            inputs=((0.5, 2.0), (1.5, -1.0)),
            targets=(0.0, 1.0),
            features=("x1^2", "q = x1*x2; sin(q)", "exp(-x2**2)"),
        ),
    ),
    "csv": like_minimal(
        network=layers(2, (1, "softplus", "trained")),
        initial_weights=m.Normal(mean=1.0, std=2.0, seed=5, bias=0.0),
        data=sources.Csv(
            path="data/flowers.csv",
            inputs=("length", "width"),
            targets=("height",),
            test_fraction=0.25,
            seed=6,
        ),
        loss=m.Loss(name="absolute_error", reduction="mean"),
        training=trained_by(m.RmsProp(learning_rate=0.01, alpha=0.9, eps=1e-8)),
    ),
    "categories": like_minimal(
        network=layers(4, (1, "sigmoid", "trained")),
        data=sources.Csv(
            path="fruit.csv",
            inputs=("weight", "color"),
            targets=("kind",),
            delimiter=";",
            decimal=",",
            classes=("apple", "lemon"),
            categories=(sources.Categories(column="color", values=("red", "green", "yellow")),),
            scaling=sources.Scaling(
                method="range", offset=(60.5, 0.0, 0.0, 0.0), scale=(112.5, 1.0, 1.0, 1.0)
            ),
        ),
    ),
    "names": like_minimal(
        network=layers(2, (3, "sigmoid", "trained")),
        data=sources.Inline(
            inputs=((0.5, 1.0), (1.5, 0.0), (2.5, 1.0)),
            targets=(0.0, 2.0, 1.0),
            names=("weight", "color = red"),
            classes=("apple", "pear", "plum"),
        ),
    ),
    "images": like_minimal(
        network=layers(784, (10, "relu", "trained")),
        initial_weights=m.HeNormal(seed=1, bias=0.0),
        data=sources.Idx(
            images="train-images.gz", labels="train-labels.gz", test_fraction=0.1, seed=2
        ),
        loss=m.Loss(name="mean_squared_error", reduction="mean"),
        training=trained_by(m.Adagrad(learning_rate=0.01, eps=1e-9)),
    ),
    "digits": like_minimal(
        network=layers(64, (10, "sigmoid", "fixed")),
        initial_weights=m.Constant(value=0.25, bias=-1.0),
        data=sources.Digits(test_fraction=0.5, seed=8),
        loss=m.Loss(name="binary_cross_entropy", reduction="mean"),
        training=trained_by(m.Momentum(learning_rate=0.001, momentum=0.5)),
    ),
    "two-inputs": like_minimal(
        name="Two inputs, fixed biases",
        network=layers(2, (2, "sigmoid", "fixed"), (2, "sigmoid", "fixed")),
        initial_weights=m.Manual(
            weights=(((0.15, 0.2), (0.25, 0.3)), ((0.4, 0.45), (0.5, 0.55))),
            biases=((0.35, 0.35), (0.6, 0.6)),
        ),
        data=sources.Inline(inputs=((0.05, 0.1),), targets=((0.01, 0.99),)),
        training=MINIMAL.training.model_copy(
            update={"optimizer": m.Sgd(learning_rate=0.5), "stop": m.Stop(max_epochs=10000)}
        ),
    ),
}


def test_every_file_is_expected():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(GOLDEN)


@pytest.mark.parametrize("name", GOLDEN)
def test_a_file_of_version_1_means_what_it_meant(name):
    loaded = presets.load(FOLDER / f"{name}.json")
    expected = GOLDEN[name]
    if name == "two-inputs":
        assert loaded.description.startswith("One sample, two sigmoid layers and eight weights")
        expected = expected.model_copy(update={"description": loaded.description})
    assert loaded == expected
