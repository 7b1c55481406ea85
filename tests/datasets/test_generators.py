import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpgui.datasets.errors import DataError
from bpgui.datasets.generators import GENERATORS
from bpgui.datasets.table import Table, are_classes

names = pytest.mark.parametrize("name", GENERATORS)


def make(name: str, samples: int = 400, noise: float = 0.0, seed: int = 0) -> Table:
    return GENERATORS[name].make(np.random.default_rng(seed), samples, noise, 3, 3)


@names
@settings(max_examples=15)
@given(samples=st.integers(1, 60), noise=st.floats(0, 2), seed=st.integers(0, 2**62))
def test_every_set_has_the_shape_it_promises(
    name: str, samples: int, noise: float, seed: int
) -> None:
    generator = GENERATORS[name]
    made = make(name, samples, noise, seed)
    assert made.inputs.shape == (samples, generator.inputs or 3)
    assert made.targets.shape == (samples, generator.outputs or 3)
    assert made.kind == generator.kind
    if generator.kind == "classification":
        assert are_classes(made.targets)
        assert made.classes is not None


@names
def test_the_same_seed_gives_the_same_samples(name: str) -> None:
    first, again, other = make(name, 40, 0.3, 5), make(name, 40, 0.3, 5), make(name, 40, 0.3, 6)
    np.testing.assert_array_equal(first.inputs, again.inputs)
    np.testing.assert_array_equal(first.targets, again.targets)
    assert not np.array_equal(first.inputs, other.inputs)


@pytest.mark.parametrize("name", ["xor", "gauss", "moons", "random_classes", "sine", "plane"])
def test_noise_beyond_all_measure_is_refused(name: str) -> None:
    with pytest.raises(DataError, match="noise 1e\\+308 is too large"):
        make(name, noise=1e308)


@pytest.mark.parametrize(
    ("name", "outputs"), [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("xor", [0, 1, 1, 0])]
)
def test_gates_are_their_four_points_in_order(name: str, outputs: list[int]) -> None:
    made = make(name, 6)
    points = [[0, 0], [0, 1], [1, 0], [1, 1], [0, 0], [0, 1]]
    np.testing.assert_array_equal(made.inputs, points)
    np.testing.assert_array_equal(made.targets[:, 0], (outputs + outputs)[:6])


def test_circle_has_a_disc_inside_a_ring() -> None:
    made = make("circle")
    radius = np.hypot(*made.inputs.T)
    inside = made.targets[:, 0] == 1
    assert inside.sum() == 200
    assert radius[inside].max() <= 2.5
    assert radius[~inside].min() >= 3.5
    assert radius.max() <= 5.0


def test_gauss_has_two_blobs_of_variance_one_half() -> None:
    made = make("gauss", 20_000)
    for target, center in ((1, 2.0), (0, -2.0)):
        blob = made.inputs[made.targets[:, 0] == target]
        np.testing.assert_allclose(blob.mean(axis=0), center, atol=0.05)
        np.testing.assert_allclose(blob.var(axis=0), 0.5, rtol=0.05)


def test_gauss_noise_widens_the_variance_to_four() -> None:
    made = make("gauss", 20_000, noise=0.5)
    blob = made.inputs[made.targets[:, 0] == 1]
    np.testing.assert_allclose(blob.var(axis=0), 4.0, rtol=0.05)


def test_xor_quadrants_tell_signs_and_keep_off_the_axes() -> None:
    made = make("xor_quadrants")
    np.testing.assert_array_equal(made.targets[:, 0] == 1, made.inputs.prod(axis=1) >= 0)
    assert np.abs(made.inputs).min() >= 0.3
    assert np.abs(made.inputs).max() <= 5.3


def test_spiral_arms_are_each_other_turned_by_half() -> None:
    made = make("spiral", 100)
    first = made.inputs[made.targets[:, 0] == 1]
    second = made.inputs[made.targets[:, 0] == 0]
    order, other = np.lexsort(first.T), np.lexsort(-second.T)
    np.testing.assert_allclose(first[order], -second[other], atol=1e-12)
    radius = np.sort(np.hypot(*first.T))
    np.testing.assert_allclose(radius, 5.0 * np.arange(50) / 50, atol=1e-12)


def test_moons_lie_on_two_half_circles() -> None:
    made = make("moons")
    lower = made.targets[:, 0] == 1
    upper = made.inputs[~lower]
    np.testing.assert_allclose(np.hypot(*upper.T), 1.0)
    assert upper[:, 1].min() >= 0
    np.testing.assert_allclose(np.hypot(*(made.inputs[lower] - [1.0, 0.5]).T), 1.0)
    assert made.inputs[lower, 1].max() <= 0.5


def test_sine_without_noise_is_the_sine() -> None:
    made = make("sine")
    np.testing.assert_array_equal(made.targets, np.sin(made.inputs))
    assert np.abs(made.inputs).max() <= np.pi


def test_plane_without_noise_is_a_tenth_of_the_sum() -> None:
    made = make("plane")
    np.testing.assert_allclose(made.targets[:, 0], made.inputs.sum(axis=1) / 10)
    assert np.abs(made.inputs).max() <= 6.0


def test_six_hills_fall_from_one_to_nothing_within_two() -> None:
    made = make("multi_gauss", 5_000)
    centers = {(-4.0, 2.5): 1, (0.0, 2.5): -1, (4.0, 2.5): 1}
    centers |= {(x, -y): -sign for (x, y), sign in centers.items()}
    for point, height in zip(made.inputs, made.targets[:, 0], strict=True):
        hills = [
            sign * max(0.0, 1 - float(np.hypot(*(point - center))) / 2)
            for center, sign in centers.items()
        ]
        assert height == pytest.approx(max(hills, key=abs))


def test_random_classes_are_uniform_features_with_random_answers() -> None:
    made = GENERATORS["random_classes"].make(np.random.default_rng(1), 5_000, 0.0, 20, 3)
    assert made.inputs.shape == (5_000, 20)
    assert 0 <= made.inputs.min() < 0.1
    assert 99.9 < made.inputs.max() < 100
    np.testing.assert_allclose(made.targets.mean(axis=0), 1 / 3, atol=0.03)
    assert made.classes == ("0", "1", "2")


def test_random_classes_for_one_output_are_two() -> None:
    made = GENERATORS["random_classes"].make(np.random.default_rng(1), 100, 0.0, 2, 1)
    assert set(made.targets[:, 0]) == {0.0, 1.0}
    assert made.classes == ("0", "1")
