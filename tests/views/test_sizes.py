"""The size of many numbers."""

from __future__ import annotations

import numpy as np
import pytest

from bpgui.views.sizes import largest_size


@pytest.mark.parametrize(
    ("values", "size"),
    [
        ([0.5, -2.0, 1.0], 2.0),
        ([-0.0, 0.0], 0.0),
        ([np.nan, -3.0, 1.0], 3.0),
        ([-np.inf, 2.0, np.inf], 2.0),
        ([np.nan, np.inf], 0.0),
        ([], 0.0),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_largest_size_is_that_of_the_finite_numbers(values, size, dtype):
    assert largest_size(np.array(values, dtype=dtype)) == size


def test_of_a_part_of_a_matrix_only_that_part_counts():
    matrix = np.array([[1.0, -2.0, 9.0], [0.5, 1.5, -9.0]])
    assert largest_size(matrix[:, :2]) == 2.0
