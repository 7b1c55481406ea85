"""What is kept of gradients: the same from the kernel and from NumPy."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from bpgui.engine import summaries
from bpgui.engine.compiled import library
from bpgui.engine.compiled import summaries as compiled

DTYPES = [np.float64, np.float32]


@pytest.fixture(params=["kernel", "NumPy"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "NumPy":
        monkeypatch.setenv("BPGUI_ENGINE", "numpy")
    elif library.load() is None:
        pytest.skip("the kernel is not built here")
    return str(request.param)


def rows_of(dtype: type[np.floating], size: int) -> np.ndarray:
    rng = np.random.default_rng(size)
    return (rng.normal(size=(3, size)) * 10.0 ** rng.integers(-3, 4, (3, size))).astype(dtype)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1, 7, 8, 9, 100, 2000])
def test_the_largest_of_each_bin_keeps_its_sign(dtype: type[np.floating], size: int) -> None:
    rows = rows_of(dtype, size)
    edges = np.unique([*np.random.default_rng(1).integers(0, size, 9).tolist(), 0, size])
    found = summaries.largest(rows, edges)
    bins = [rows[:, a:b] for a, b in itertools.pairwise(edges)]
    wanted = [[row[np.abs(row).argmax()] for row in part] for part in bins]
    assert found.dtype == dtype
    assert found.T.tolist() == np.array(wanted, dtype).tolist()


@pytest.mark.usefixtures("way")
def test_of_two_that_are_as_large_the_positive_one_is_kept() -> None:
    rows = np.array([[-2.0, 1.0, 2.0, 0.5], [-3.0, 1.0, 2.0, 0.5]])
    assert summaries.largest(rows, np.array([0, 4])).tolist() == [[2.0], [-3.0]]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("size", [3, 40])
def test_what_is_no_number_shows(size: int) -> None:
    for place in range(size):
        rows = np.ones((1, size))
        rows[0, place] = np.nan
        assert np.isnan(summaries.largest(rows, np.array([0, size]))).all()


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1, 7, 8, 9, 100, 20_000])
def test_sums_of_squares_are_those_of_exact_arithmetic(dtype: type[np.floating], size: int) -> None:
    rows = rows_of(dtype, size + 3)[:, 1:-2]  # not one piece of memory
    wanted = [math.fsum(float(value) ** 2 for value in row) for row in rows]
    assert summaries.squares(rows) == pytest.approx(wanted, rel=1e-13)


@pytest.mark.skipif(library.load() is None, reason="the kernel is not built here")
def test_every_variant_gives_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, edges = rows_of(np.float32, 1001), np.array([0, 3, 500, 1001])
    found = set()
    for variant in library.variants():
        monkeypatch.setattr(library, "variants", lambda only=variant: (only,))
        found.add(compiled.largest(rows, edges).tobytes() + compiled.squares(rows).tobytes())
    assert len(found) == 1


@pytest.mark.skipif(library.load() is None, reason="the kernel is not built here")
def test_what_the_kernel_would_not_survive_is_refused() -> None:
    rows = rows_of(np.float64, 20)
    for edges in ([0, 21], [-1, 20], [0, 5, 5, 20]):
        with pytest.raises(ValueError, match="edges"):
            compiled.largest(rows, np.array(edges))
    with pytest.raises(ValueError, match="one after the other"):
        compiled.squares(rows.T)
