"""The functions that the kernel brings along, against NumPy in a wider precision."""

import ctypes

import numpy as np
import pytest

from bpgui.engine.compiled import library

pytestmark = pytest.mark.skipif(library.load() is None, reason="the kernel is not built here")

# Places in bpgui_apply, with the domain and what is right there.
FUNCTIONS = {
    "exp_negative": (0, np.exp),
    "expm1_negative": (1, np.expm1),
    "sigmoid": (2, lambda x: 1 / (1 + np.exp(-x))),
    "tanh": (3, np.tanh),
    "log": (4, np.log),
    "log1p": (5, np.log1p),
}
WIDE = np.finfo(np.longdouble).nmant > 60


def apply(name, values, variant=""):
    """The kernel's function on an array, which must hold a multiple of 4 numbers."""
    found = np.array(values, np.float64)
    function = library.load()[f"bpgui_apply{variant}"]
    function.argtypes = ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64
    function.restype = None
    function(FUNCTIONS[name][0], found.ctypes.data, found.size)
    return found


def samples(name):
    """Numbers of all sizes in the domain of a function, and many where its formula changes."""
    rng = np.random.default_rng(7)
    small = 10.0 ** rng.uniform(-300, 0, 20_000)
    if name == "log":
        return np.concatenate(
            [rng.uniform(0.3, 3.0, 60_000), 10.0 ** rng.uniform(-320, 308, 40_000)]
        )
    if name == "log1p":
        return np.concatenate([rng.uniform(0, 1, 60_000), small])
    near = np.concatenate([rng.uniform(0, 1, 40_000), rng.uniform(0, 40, 40_000), small])
    if name in {"exp_negative", "expm1_negative"}:
        return -np.concatenate([near, rng.uniform(0, 708, 20_000)])
    return np.concatenate([near, -near])


@pytest.mark.skipif(not WIDE, reason="long double is no wider than double here")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_errors_in_units_of_the_last_place(name):
    x = samples(name)
    with np.errstate(all="ignore"):
        exact = FUNCTIONS[name][1](x.astype(np.longdouble))
    found = apply(name, x)
    unit = np.spacing(np.abs(exact.astype(np.float64)))
    error = np.abs(found.astype(np.longdouble) - exact) / unit
    assert error.max() < (2.5 if name == "sigmoid" else 1.5)
    assert error.mean() < 0.35


def test_where_exp_ends():
    with np.errstate(all="ignore"):
        x = np.array([0.0, -0.0, -708.0, -709.5, -740.0, -745.1, -745.2, -800.0, -1e300, -np.inf])
        x = np.concatenate([x, -np.linspace(708, 746, 38)])
        assert apply("exp_negative", x) == pytest.approx(np.exp(x), rel=1e-15, abs=5e-324)
        assert apply("expm1_negative", x).tolist() == pytest.approx(np.expm1(x).tolist(), rel=4e-16)


def test_where_sigmoid_and_tanh_end():
    x = np.array(
        [800.0, 37.0, 40.0, 710.0, -709.0, -709.7, -710.0, -800.0, np.inf, -np.inf, 0.0, 1e-320]
    )
    with np.errstate(all="ignore"):
        right = 1 / (1 + np.exp(-x))
    assert apply("sigmoid", x) == pytest.approx(right, rel=1e-15, abs=5e-324)
    found = apply("tanh", x)
    assert found.tolist() == pytest.approx(np.tanh(x).tolist(), rel=4e-16)
    assert np.signbit(apply("tanh", [-0.0, 0.0, -1e-300, 1e-300])).tolist() == [True, False] * 2


def test_logarithms_at_the_ends():
    ends = apply("log", [0.0, -0.0, -1.0, np.inf, 1.0, 5e-324, 1.7e308, -np.inf])
    with np.errstate(all="ignore"):
        right = np.log([0.0, -0.0, -1.0, np.inf, 1.0, 5e-324, 1.7e308, -np.inf])
    assert ends.tolist() == pytest.approx(right.tolist(), rel=1e-15, nan_ok=True)
    assert apply("log1p", [0.0, 1.0, 5e-324, 1e-16]).tolist() == pytest.approx(
        np.log1p([0.0, 1.0, 5e-324, 1e-16]).tolist(), rel=1e-15
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_not_a_number_stays_so_and_alone(name):
    found = apply(name, [np.nan, -0.5 if "negative" in name else 0.5, np.nan, 0.0])
    assert np.isnan(found).tolist() == [True, False, True, False]


@pytest.mark.parametrize("variant", library.variants())
@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_variant_gives_the_same_bits(name, variant):
    x = samples(name)
    assert apply(name, x, variant).tobytes() == apply(name, x).tobytes()


@pytest.mark.parametrize("variant", library.variants())
@pytest.mark.parametrize("name", FUNCTIONS)
def test_four_at_a_time_have_the_same_bits_as_eight(name, variant):
    x = samples(name)[:4000]
    fours = [apply(name, four, variant) for four in x.reshape(-1, 4)]
    assert np.concatenate(fours).tobytes() == apply(name, x, variant).tobytes()
