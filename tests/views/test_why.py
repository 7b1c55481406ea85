"""What a gradient costs as networks grow."""

from __future__ import annotations

import math

import pytest

from bpgui.engine.multiplications import formula
from bpgui.engine.network import Layer, Network
from bpgui.views.axes import Limits
from bpgui.views.why import WAYS, against_depth, against_width, times, whole_ticks, written

LOSS = "half_squared_error"
NETWORK = Network((Layer(2, 4, "tanh"), Layer(4, 4, "tanh"), Layer(4, 1, "sigmoid")))


def test_the_present_network_lies_on_both_lines():
    for growth in (against_depth(NETWORK, LOSS), against_width(NETWORK, LOSS)):
        at = growth.sizes.tolist().index(growth.here)
        for way in WAYS:
            assert growth.lines[way][at] == growth.marks[way]
            assert growth.marks[way] == math.log10(getattr(formula(NETWORK, LOSS), way))
            assert growth.y.low <= growth.lines[way].min()
            assert growth.lines[way].max() <= growth.y.high
        assert growth.x.low < growth.here < growth.x.high


def test_depth_makes_the_paths_explode_and_backpropagation_grow_in_a_line():
    lines = against_depth(NETWORK, LOSS).lines
    chain, back = 10 ** lines["chain"], 10 ** lines["backpropagation"]
    assert chain[5] / chain[4] > 4
    assert back[5] - back[4] == pytest.approx(back[4] - back[3])


def test_a_network_without_hidden_layers():
    network = Network((Layer(64, 10, "sigmoid"),))
    assert against_width(network, LOSS) is None
    growth = against_depth(network, LOSS)
    assert growth.here == 1.0
    assert growth.lines["chain"][0] == growth.marks["chain"]


def test_layers_of_several_widths_are_marked_at_their_mean():
    network = Network((Layer(2, 3, "tanh"), Layer(3, 8, "tanh"), Layer(8, 1, "sigmoid")))
    assert against_width(network, LOSS).here == 5.5


def test_the_largest_network_has_finite_lines():
    layers = [Layer(100_000, 100_000, "tanh")] * 64
    growth = against_depth(Network(tuple(layers)), LOSS)
    assert all(math.isfinite(value) for line in growth.lines.values() for value in line)
    assert math.isfinite(growth.y.high)
    assert growth.y.high > 300


def test_ticks_at_whole_numbers():
    assert whole_ticks(Limits(0.8, 6.2), 3).texts == ["2", "4", "6"]
    assert whole_ticks(Limits(0.8, 6.2), 20).texts == ["1", "2", "3", "4", "5", "6"]
    assert whole_ticks(Limits(0.0, 2000.0), 3).texts == ["0", "1,000", "2,000"]


@pytest.mark.parametrize(
    ("count", "of", "text"),
    [(48, 48, "1"), (64, 48, "1.3"), (825, 48, "17"), (10**5, 10, "10,000"), (10**20, 2, "5.0e19")],
)
def test_ratios(count, of, text):
    assert times(count, of) == text


def test_long_counts():
    assert written(832_650) == "832,650"
    assert written(123 * 10**398) == "1.2e400"
    assert times(123 * 10**398, 7) == "1.8e399"
