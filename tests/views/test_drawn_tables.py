"""What pictures draw as tables: every unit and parameter, also those that are folded away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings
from bpgui.exporting.recorded import record
from bpgui.views.digits_tables import outputs_table, picture_table, weights_table
from bpgui.views.digits_weights import weight_pictures
from bpgui.views.network_picture import Area, lay_out
from bpgui.views.network_tables import COLUMNS, network_table
from bpgui.views.why import against_depth, growth_table

AREA = Area(10.0, 10.0, 400.0, 200.0)


@pytest.fixture
def problem() -> Problem:
    """40 inputs, 30 units without biases and 2 outputs whose biases are fixed, in float32."""
    rng = np.random.default_rng(3)
    network = Network((Layer(40, 30, "tanh", "none"), Layer(30, 2, "sigmoid", "fixed")))
    samples = Samples(rng.normal(size=(5, 40)).astype("f4"), rng.random((5, 2)).astype("f4"))
    settings = Settings(optimizer_settings("sgd", learning_rate=0.1))
    theta = rng.normal(size=network.size).astype("f4")
    return Problem(network, samples, None, "half_squared_error", "mean", theta, settings)


def test_what_is_folded_away_is_in_the_table_without_a_place(problem):
    snapshot, _ = record(problem, 3)
    picture = lay_out(problem.network, AREA)
    assert picture.folds
    table = network_table(problem, snapshot, 2, picture)

    assert list(table) == list(COLUMNS)
    assert {len(column) for column in table.values()} == {72 + problem.network.size}
    units = slice(0, 72)
    drawn = np.isfinite(table["x_pixels"][units])
    assert np.count_nonzero(drawn) == len(picture.units)
    for (layer, unit), (x, y) in zip(picture.units, picture.centers, strict=True):
        (row,) = np.flatnonzero((table["layer"][units] == layer) & (table["unit"][units] == unit))
        assert (table["x_pixels"][row], table["y_pixels"][row]) == (x, y)
    assert table["activation"][:40].tolist() == problem.train.inputs[2].tolist()
    assert np.isnan(table["pre_activation"][:40]).all()
    assert table["target"][70:72].tolist() == problem.train.targets[2].tolist()


def test_parameters_tell_where_they_lead_and_what_holds_them(problem):
    held = np.zeros(problem.network.size, dtype=bool)
    held[41] = True
    frozen = replace(problem, settings=replace(problem.settings, frozen=held))
    snapshot, _ = record(frozen, 3)
    table = network_table(frozen, snapshot, 0, lay_out(problem.network, AREA))

    rows = {name: row for row, name in enumerate(table["name"].tolist())}
    ends = [table[name][rows["w(1)[2,2]"]] for name in ("kind", "from", "to", "held")]
    assert ends == ["weight", "x2", "h1[2]", "frozen"]
    ends = [table[name][rows["b(2)[2]"]] for name in ("kind", "from", "to", "held")]
    assert ends == ["bias", "", "y2", "fixed"]
    assert table["value"][72:].tolist() == snapshot.parameters.tolist()
    assert table["update"][rows["w(1)[2,2]"]] == 0.0
    assert set(table["held"][72:]) == {"", "fixed", "frozen"}


def test_before_the_first_iteration_there_are_no_gradients(problem):
    snapshot, _ = record(problem, 0)
    table = network_table(problem, snapshot, 0, lay_out(problem.network, AREA))
    assert np.isnan(table["gradient"]).all()
    assert np.isfinite(table["delta"][40:72]).all()


def test_weights_have_their_places_in_the_pictures(problem):
    table = weights_table(weight_pictures(problem.network, problem.initial, 2))
    assert len(table["weight"]) == 60
    assert [int(table[name][30 + 7]) for name in ("unit", "input", "row", "column")] == [2, 8, 2, 2]
    assert table["weight"].tolist() == problem.network.weights(problem.initial)[1].ravel().tolist()


def test_outputs_without_classes_or_targets(problem):
    outputs = np.array([0.25, 0.5], dtype="f4")
    assert list(outputs_table(problem, outputs, None)) == ["unit", "output", "target", "difference"]
    assert np.isnan(outputs_table(problem, outputs, None)["difference"]).all()


def test_pixels_count_from_the_upper_left():
    table = picture_table(np.arange(9.0).reshape(3, 3))
    assert [table[name][5] for name in ("row", "column", "value")] == [2, 3, 5.0]


def test_multiplications_are_whole_numbers_of_any_length():
    deep = Network(tuple(Layer(9, 9, "tanh", "trained") for _ in range(30)))
    growth = against_depth(deep, "half_squared_error")
    table = growth_table(growth, "layers")
    largest = table["chain_multiplications"][-1]
    assert isinstance(largest, int)
    assert largest > 2**63
    assert table["layers"][-1] == 30.0
