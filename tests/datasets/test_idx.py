import gzip
import os
import struct
import tracemalloc
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bpgui.datasets.errors import DataError
from bpgui.datasets.idx import (
    TYPES,
    counterpart,
    load_images,
    read_header,
    read_idx,
    seems_idx,
)

codes = st.sampled_from(sorted(TYPES))


def packed(array: np.ndarray, code: int = 0x08) -> bytes:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape)
    return header + array.astype(TYPES[code]).tobytes()


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data(), code=codes, zipped=st.booleans())
def test_what_is_written_is_read(
    tmp_path: Path, data: st.DataObject, code: int, zipped: bool
) -> None:
    shape = data.draw(arrays.array_shapes(max_dims=4, max_side=4))
    array = data.draw(arrays.arrays(np.dtype(TYPES[code]), shape))
    content = packed(array, code)
    path = written(tmp_path, "a", gzip.compress(content) if zipped else content)
    read = read_idx(path)
    assert read.dtype.isnative
    np.testing.assert_array_equal(read, array)
    assert read_header(path).shape == shape


def test_images_become_inputs_and_labels_one_hot_targets(tmp_path: Path) -> None:
    pixels = np.array([[[0, 255], [51, 102]], [[1, 2], [3, 4]]])
    images = written(tmp_path, "images.gz", gzip.compress(packed(pixels)))
    labels = written(tmp_path, "labels", packed(np.array([2, 0])))
    made = load_images(images, labels)
    np.testing.assert_allclose(made.inputs[0], [0, 1, 0.2, 0.4])
    np.testing.assert_array_equal(made.targets, [[0, 0, 1], [1, 0, 0]])
    assert made.input_names == ("pixel 1,1", "pixel 1,2", "pixel 2,1", "pixel 2,2")
    assert made.classes == ("0", "1", "2")
    assert load_images(images, labels, classes=10).targets.shape == (2, 10)


GOOD = packed(np.arange(6).reshape(2, 3))
ZIPPED = gzip.compress(GOOD, mtime=0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\0", "is no IDX file"),
        (b"x1,x2,y\n1,2,3\n", "begin with two zero bytes"),
        (b"\0\0\x07\x01" + b"\0" * 8, "type code is 0x07, not one of 0x08"),
        (b"\0\0\x08\x00", "says it has 0 dimensions"),
        (b"\0\0\x08\xff" + b"\0" * 8, "says it has 255 dimensions"),
        (GOOD[:6], "cut short inside its header"),
        (GOOD[:-1], r"makes 18 bytes, but it has 17"),
        (GOOD + b"\0", r"makes 18 bytes, but it has 19"),
        (struct.pack(">BBBBI", 0, 0, 8, 1, 0), "so nothing"),
        (struct.pack(">BBBB3I", 0, 0, 14, 3, *[2**32 - 1] * 3), "at most 1,073,741,824 are read"),
        (struct.pack(">BBBBI", 0, 0, 8, 1, 2**29) + b"\0", "but it has 9"),
        (gzip.compress(b"", mtime=0), "is no IDX file"),
        (gzip.compress(GOOD[:-1], mtime=0), "there are only 5"),
        (gzip.compress(GOOD + b"\0", mtime=0), "there are more"),
        (gzip.compress(struct.pack(">BBBBI", 0, 0, 8, 1, 2**29), mtime=0), "there are only 0"),
        (gzip.compress(struct.pack(">BBBB2I", 0, 0, 8, 2, 2**31, 2**31), mtime=0), "at most"),
        (ZIPPED[:-12], "cut short"),
        (ZIPPED[:-8] + b"\0" * 8, "damaged"),
        (ZIPPED[:10] + b"\x07" + ZIPPED[11:], "damaged"),
        (b"\x1f\x8b" + b"\0" * 30, "damaged"),
    ],
)
def test_each_bad_file_is_refused_by_name(tmp_path: Path, content: bytes, message: str) -> None:
    path = written(tmp_path, "bad.idx", content)
    with pytest.raises(DataError, match=message) as caught:
        read_idx(path)
    assert str(path) in str(caught.value)
    assert not caught.value.missing


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    content=st.binary(max_size=40), zipped=st.booleans(), prefix=st.sampled_from([b"", GOOD[:4]])
)
def test_any_bytes_are_read_or_refused(
    tmp_path: Path, content: bytes, zipped: bool, prefix: bytes
) -> None:
    content = prefix + content
    path = written(tmp_path, "any", gzip.compress(content) if zipped else content)
    with suppress(DataError):
        assert read_idx(path).size > 0


def test_a_bomb_takes_no_more_memory_than_its_header_promises(tmp_path: Path) -> None:
    bomb = gzip.compress(packed(np.zeros(10)) + b"\0" * 300_000_000, compresslevel=1)
    path = written(tmp_path, "bomb.gz", bomb)
    tracemalloc.start()
    with pytest.raises(DataError, match="there are more"):
        read_idx(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate((1 << 30) + 1)
    with pytest.raises(DataError, match="at most 1,073,741,824 are read"):
        read_idx(path)


def test_a_missing_file_is_told_as_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file") as caught:
        read_idx(tmp_path / "gone")
    assert caught.value.missing


def test_folders_and_devices_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder"):
        read_idx(tmp_path)
    with pytest.raises(DataError, match="cannot be read"):
        read_idx(tmp_path / "nul\0")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match="is not a plain file"):
        read_idx(tmp_path / "pipe")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="may read everything here"
)
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "locked", GOOD)
    path.chmod(0)
    with pytest.raises(DataError, match="cannot be read: permission denied"):
        read_idx(path)


PIXELS = np.zeros((3, 2, 2))
LABELS = np.array([0, 1, 2])


@pytest.mark.parametrize(
    ("images", "labels", "classes", "message"),
    [
        (packed(PIXELS), packed(LABELS[:2]), None, "2 labels for the 3 images"),
        (packed(PIXELS), packed(LABELS), 2, "class 2 of sample 3 is not one of 0 to 1"),
        (packed(PIXELS), packed(-LABELS, 0x09), None, "class -1 of sample 2"),
        (packed(PIXELS), packed(LABELS * 10**6, 0x0C), None, "at most 1000 classes"),
        (packed(PIXELS), packed(LABELS, 0x0D), None, "holds no labels"),
        (packed(PIXELS), packed(PIXELS), None, "holds no labels"),
        (packed(LABELS), packed(LABELS), None, "holds no images"),
        (packed(PIXELS, 0x0C), packed(LABELS), None, "pixels are unsigned bytes"),
    ],
)
def test_files_that_do_not_go_together_are_refused(
    tmp_path: Path, images: bytes, labels: bytes, classes: int | None, message: str
) -> None:
    image_file = written(tmp_path, "images", images)
    label_file = written(tmp_path, "labels", labels)
    with pytest.raises(DataError, match=message):
        load_images(image_file, label_file, classes)


@pytest.mark.parametrize(
    ("content", "seems"),
    [(GOOD, True), (ZIPPED, True), (b"\0\0", True), (b"a,b\n1,2\n", False), (b"", False)],
)
def test_a_file_seems_to_be_one_by_its_content(tmp_path: Path, content: bytes, seems: bool) -> None:
    assert seems_idx(written(tmp_path, "any name", content)) == seems
    assert not seems_idx(tmp_path)
    assert not seems_idx(tmp_path / "missing")


def test_images_and_labels_find_each_other_by_their_names() -> None:
    for images, labels in (
        ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
        ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
    ):
        assert counterpart(images) == labels
        assert counterpart(labels) == images
    assert counterpart("digits.gz") == ""
