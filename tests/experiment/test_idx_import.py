"""Two IDX files, looked at before they become data."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from bpgui.datasets.errors import DataError
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.idx_import import SHOWN, applied, data_of, files_of, look
from bpgui.experiment.presets import load


def write(path: Path, array: np.ndarray, code: int = 8, kind: str = "u1") -> Path:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape)
    path.write_bytes(gzip.compress(header + array.astype(kind).tobytes(), 1))
    return path


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return write(tmp_path / "train-labels.idx1.gz", np.arange(50) % 7)


@pytest.mark.parametrize(
    ("sizes", "shape"),
    [((5, 4), (5, 4)), ((36,), (6, 6)), ((37,), (1, 37)), ((2, 3, 4), (6, 4))],
)
def test_pictures_are_told_and_read_in_any_shape(
    tmp_path: Path, labels: Path, sizes: tuple[int, ...], shape: tuple[int, int]
) -> None:
    pixels = np.arange(50 * int(np.prod(sizes))).reshape(50, *sizes) % 256
    images = write(tmp_path / "train-images.idx3.gz", pixels)
    assert files_of(images) == files_of(labels) == (images, labels)
    found = look(images, labels)
    assert (found.count, found.rows, found.columns, found.classes) == (50, *shape, 7)
    np.testing.assert_array_equal(found.first, pixels[:SHOWN].reshape(-1, *shape))
    np.testing.assert_array_equal(found.answers, np.arange(SHOWN) % 7)

    data = data_of((images.name, labels.name), 0.2, "last")
    made = applied(found, data, True, tmp_path)(load(find("xor")))
    problem = build_problem(made, tmp_path)
    assert (problem.network.inputs, problem.network.outputs) == (int(np.prod(shape)), 7)
    np.testing.assert_array_equal(
        problem.test.inputs * 255.0, pixels[40:].reshape(10, -1).astype(float)
    )


def test_files_by_other_names_are_not_guessed(tmp_path: Path) -> None:
    images = write(tmp_path / "digits.idx", np.zeros((3, 4, 4)))
    assert files_of(images) == (images, None)
    lonely = write(tmp_path / "t10k-labels-idx1-ubyte", np.zeros(3))
    assert files_of(lonely) == (None, lonely)


def test_labels_below_0_are_refused(tmp_path: Path) -> None:
    images = write(tmp_path / "images", np.zeros((2, 3, 3)))
    labels = write(tmp_path / "labels", np.array([1, -1]), 9, "i1")
    with pytest.raises(DataError, match="label -1; labels count from 0"):
        look(images, labels)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"a table, packed"))
    with pytest.raises(DataError, match="is no IDX file"):
        files_of(tmp_path / "a.gz")
