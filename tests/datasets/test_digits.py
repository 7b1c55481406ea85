import numpy as np

from bpgui.datasets.digits import load_digits
from bpgui.paths import resources


def test_the_bundled_digits_are_all_there() -> None:
    digits = load_digits()
    assert digits.inputs.shape == (1797, 64)
    assert digits.targets.shape == (1797, 10)
    assert digits.targets.sum(axis=0).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (digits.inputs.min(), digits.inputs.max()) == (0.0, 1.0)
    assert digits.classes == tuple("0123456789")
    assert digits.input_names[8] == "pixel 2,1"


def test_the_first_digit_is_the_zero_of_the_source() -> None:
    digits = load_digits()
    row = [0, 0, 5, 13, 9, 1, 0, 0]
    np.testing.assert_array_equal(digits.inputs[0, :8] * 16, row)
    assert digits.targets[0].argmax() == 0


def test_the_attribution_lies_beside_them() -> None:
    text = (resources() / "datasets" / "ATTRIBUTION.md").read_text(encoding="utf-8")
    for part in ("Alpaydin", "Kaynak", "CC BY 4.0", "10.24432/C50P49"):
        assert part in text
