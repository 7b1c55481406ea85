import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpgui.datasets.errors import DataError
from bpgui.datasets.table import are_classes, one_hot, split, table


@given(st.integers(1, 300), st.floats(0, 0.99), st.integers(0, 2**62))
def test_a_split_deals_out_every_sample_once(n: int, fraction: float, seed: int) -> None:
    train, test = split(n, fraction, seed)
    assert sorted([*train, *test]) == list(range(n))
    assert len(test) == min(round(n * fraction), n - 1)
    assert list(train) == sorted(train)
    assert list(test) == sorted(test)


def test_a_split_depends_on_the_seed_alone() -> None:
    first, again, other = (split(100, 0.25, seed)[1] for seed in (7, 7, 8))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_one_hot_rows() -> None:
    np.testing.assert_array_equal(one_hot([2, 0], 3), [[0, 0, 1], [1, 0, 0]])


@pytest.mark.parametrize("index", [-1, 3, 0.5])
def test_one_hot_refuses_what_is_no_class(index: float) -> None:
    with pytest.raises(DataError, match=r"of sample 2 is not one of 0 to 2"):
        one_hot([1, index], 3)


def test_one_hot_refuses_more_than_memory_should_hold() -> None:
    with pytest.raises(DataError, match="take more than"):
        one_hot(np.zeros(1_000_000, dtype=np.int64), 1_000)


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ([[0.0], [1.0]], True),
        ([[0.0], [2.0]], False),
        ([[0.0, 1.0], [1.0, 0.0]], True),
        ([[1.0, 1.0], [1.0, 0.0]], False),
    ],
)
def test_which_targets_read_as_classes(targets: list[list[float]], expected: bool) -> None:
    assert are_classes(np.array(targets)) is expected


def test_columns_without_names_are_numbered() -> None:
    made = table([[1, 2], [3, 4]], [[0], [1]], "regression")
    assert (made.input_names, made.target_names, len(made)) == (("x1", "x2"), ("y1",), 2)
    assert made.inputs.dtype == np.float64


@pytest.mark.parametrize(
    ("inputs", "targets", "message"),
    [
        ([[1.0], [np.nan]], [[0], [1]], "inputs hold a value that is not a finite number"),
        ([[1.0], [2.0]], [[0]], "2 inputs but 1 targets"),
        (np.zeros((0, 2)), np.zeros((0, 1)), "do not fit"),
        ([1.0, 2.0], [[0], [1]], "do not fit"),
    ],
)
def test_a_table_refuses_what_is_none(inputs: object, targets: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        table(inputs, targets, "regression", input_names=["x"])  # type: ignore[arg-type]


def test_without_a_seed_the_last_samples_are_those_for_testing() -> None:
    train, test = split(10_000, 0.2, None)
    np.testing.assert_array_equal(train, np.arange(8_000))
    np.testing.assert_array_equal(test, np.arange(8_000, 10_000))
    for fraction, tests in ((0.0, 0), (0.9, 1)):
        train, test = split(2, fraction, None)
        assert (len(train), len(test)) == (2 - tests, tests)
