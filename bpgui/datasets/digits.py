"""The bundled handwritten digits: 1,797 pictures of 8x8 pixels, with attribution beside the files.

They are the test part of the UCI Optical Recognition of Handwritten Digits (E. Alpaydin, C. Kaynak;
CC BY 4.0; DOI 10.24432/C50P49), made from scikit-learn's copy by packaging/make_digits.py.
"""

from __future__ import annotations

from bpgui.datasets.idx import pixel_names, read_idx
from bpgui.datasets.table import Table, one_hot, table
from bpgui.paths import resources

INK = 16.0  # pixels count the inked dots of a 4x4 square
SAMPLES = 1797
PIXELS = 64
CLASSES = tuple(str(digit) for digit in range(10))


def load_digits() -> Table:
    """Inputs (1797, 64) scaled to 0 .. 1, row by row of the picture; targets (1797, 10) one-hot.

    Raises DataError if the files that came with bpgui are gone or damaged.
    """
    folder = resources() / "datasets"
    pixels = read_idx(folder / "digits-images.idx3.gz")
    labels = read_idx(folder / "digits-labels.idx1.gz")
    return table(
        pixels.reshape(len(pixels), -1) / INK,
        one_hot(labels, len(CLASSES)),
        "classification",
        CLASSES,
        pixel_names(pixels.shape[1:]),
    )
