"""What the data calls inputs and outputs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings
from bpgui.views.network_picture import Area, lay_out
from bpgui.views.outer_names import OuterNames, data_name, outer_at, outer_names


def problem(outputs: int, **changes: object) -> Problem:
    network = Network((Layer(2, 3, "tanh"), Layer(3, outputs, "sigmoid")))
    samples = Samples(np.zeros((4, 2)), np.zeros((4, outputs)))
    made = Problem(
        network=network,
        train=samples,
        test=None,
        loss="half_squared_error",
        reduction="mean",
        initial=np.zeros(network.size),
        settings=Settings(optimizer_settings("sgd")),
        classification=True,
    )
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("outputs", "changes", "names"),
    [
        (3, {"classes": ("a", "b", "c")}, ("a", "b", "c")),
        (1, {"classes": ("outside", "inside"), "threshold": 0.5}, ("inside",)),
        (1, {"classes": ("0", "1"), "threshold": 0.5}, ()),
        (2, {"classes": ("0", "1")}, ("0", "1")),
        (3, {"classes": ("a", "b")}, ()),
        (3, {"classes": None}, ()),
        (2, {"classes": ("a", "b"), "classification": False}, ()),
    ],
)
def test_an_output_goes_by_the_class_for_which_it_is_large(outputs, changes, names):
    assert outer_names(problem(outputs, **changes)).outputs == names


def test_inputs_go_by_their_columns_or_by_the_features_of_them():
    made = problem(1, input_names=("length", "color = red"))
    names = outer_names(made)
    assert [names.of(2, 0, 1), names.of(2, 0, 2), names.of(2, 1, 1), names.of(2, 2, 1)] == [
        "length",
        "color = red",
        "",
        "",
    ]
    derived = replace(made, network=replace(made.network, input_names=("x1*x2", "x1^2")))
    assert outer_names(derived).inputs == ("x1*x2", "x1^2")
    assert OuterNames().of(2, 0, 1) == ""
    assert [data_name(derived, 1), data_name(problem(1), 1)] == ["x2 color = red", "x2"]


def test_an_outer_unit_is_found_on_its_disc_and_outwards_of_it():
    picture = lay_out(problem(2).network, Area(100.0, 0.0, 500.0, 300.0))
    for row, (layer, unit) in enumerate(picture.units.tolist()):
        x, y = picture.centers[row].tolist()
        side = {0: -1.0, 2: 1.0}.get(layer)
        if side is None:
            assert outer_at(picture, x, y) is None
            continue
        found = [outer_at(picture, x + side * away, y) for away in (0.0, 60.0, -60.0)]
        assert found == [row, row, None], (layer, unit)
