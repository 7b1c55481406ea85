"""IDX files, from the disk to a network that reads them, in the real window."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from bpgui.datasets.digits import load_digits
from bpgui.experiment import presets
from bpgui.experiment.sources import Idx
from bpgui.ui.images_dialog import ImagesDialog
from bpgui.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
Drop = Callable[..., None]
COUNT = 200


def packed(array: np.ndarray) -> bytes:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Handwritten digits as those of MNIST are kept, with their labels beside them."""
    table = load_digits()
    pixels = np.kron(table.inputs[:COUNT].reshape(-1, 8, 8), np.ones((1, 3, 3))) * 255.0
    path = tmp_path / "t10k-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(packed(pixels), 1))
    labels = table.targets[:COUNT].argmax(axis=1)
    (tmp_path / "t10k-labels-idx1-ubyte.gz").write_bytes(gzip.compress(packed(labels), 1))
    return path


@pytest.fixture
def window(open_window: Callable[..., MainWindow]) -> MainWindow:
    return open_window()


def labels_of(images: Path) -> Path:
    return images.with_name("t10k-labels-idx1-ubyte.gz")


def opened(qtbot: QtBot, window: MainWindow) -> ImagesDialog:
    def seen() -> list[ImagesDialog]:
        return [dialog for dialog in window.findChildren(ImagesDialog) if dialog.isVisible()]

    qtbot.waitUntil(lambda: bool(seen()))
    (dialog,) = seen()
    qtbot.waitUntil(lambda: not dialog._loader.busy)
    return dialog


def close(qtbot: QtBot, dialog: ImagesDialog) -> None:
    with qtbot.waitSignal(dialog.finished):
        cancel = dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        qtbot.mouseClick(cancel, LEFT)


def test_dropped_pictures_become_data_with_a_network(
    qtbot: QtBot, window: MainWindow, drop: Drop, images: Path
) -> None:
    drop(window, labels_of(images), images)
    dialog = opened(qtbot, window)
    assert dialog.extent.text() == "200 pictures of 24 × 24 pixels, 10 classes"
    assert dialog.preview.accessibleDescription().startswith("0, 1, 2, 3, 4, 5")
    dialog.split.chosen.emit("last")
    with qtbot.waitSignal(window.session.run_started) as started:
        qtbot.mouseClick(dialog.import_button, LEFT)
    problem = started.args[0]
    assert [layer.units for layer in problem.network.layers] == [30, 10]
    assert (len(problem.train), len(problem.test)) == (160, 40)
    data = window.document.experiment.data
    assert data == Idx(
        images=images.as_posix(),
        labels=labels_of(images).as_posix(),
        test_fraction=0.2,
        split="last",
    )
    np.testing.assert_array_equal(
        problem.test.targets.argmax(axis=1), load_digits().targets[160:200].argmax(axis=1)
    )
    window.docks["digits"].raise_()
    panel = window.docks["digits"].panel
    qtbot.waitUntil(lambda: panel._missed is not None)
    np.testing.assert_allclose(panel._going.picture.ravel(), problem.train.inputs[0])
    window.document.undo_stack.undo()
    assert window.document.experiment.data.source == "inline"


def test_the_network_can_stay(qtbot: QtBot, window: MainWindow, images: Path) -> None:
    window.importing.open(images)
    dialog = opened(qtbot, window)
    dialog.set_up.click()
    before = window.document.experiment
    qtbot.mouseClick(dialog.import_button, LEFT)
    after = window.document.experiment
    assert (after.network.inputs, after.network.layers[-1].units) == (576, 10)
    assert after.network.layers[0].units == before.network.layers[0].units
    assert after.loss == before.loss


def test_paths_are_relative_to_a_saved_preset(
    qtbot: QtBot, window: MainWindow, drop: Drop, images: Path
) -> None:
    window.filing.save_now(images.with_name("mine.bpgui"))
    drop(window, images)
    qtbot.mouseClick(opened(qtbot, window).import_button, LEFT)
    window.filing.save_now(images.with_name("mine.bpgui"))
    saved = presets.load(images.with_name("mine.bpgui"))
    assert (saved.data.images, saved.data.labels) == (images.name, labels_of(images).name)


def test_labels_that_do_not_lie_beside_are_asked_for(
    qtbot: QtBot, window: MainWindow, drop: Drop, images: Path
) -> None:
    labels = labels_of(images).rename(images.with_name("answers"))
    drop(window, images)
    dialog = opened(qtbot, window)
    assert "file of labels" in dialog.extent.text()
    assert not dialog.import_button.isEnabled()
    dialog.files["labels"].entered.emit(str(labels))
    qtbot.waitUntil(dialog.import_button.isEnabled)
    close(qtbot, dialog)
    drop(window, labels)
    dialog = opened(qtbot, window)
    assert "file of images" in dialog.extent.text()
    close(qtbot, dialog)


LYING = gzip.compress(struct.pack(">4B3I", 0, 0, 8, 3, 2**31, 2**15, 2**15), mtime=0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (LYING, "at most 1,073,741,824 are read"),
        (gzip.compress(struct.pack(">4B3I", 0, 0, 8, 3, 200, 24, 24) + b"1", mtime=0), "cut short"),
        (gzip.compress(packed(np.zeros((9, 24, 24))), mtime=0), "must belong together"),
        (gzip.compress(b"bpgui", mtime=0), "is no IDX file"),
    ],
)
def test_bad_files_are_refused_and_change_nothing(
    qtbot: QtBot, window: MainWindow, drop: Drop, images: Path, content: bytes, message: str
) -> None:
    before = window.document.experiment
    images.write_bytes(content)
    drop(window, images)
    dialog = opened(qtbot, window)
    assert message in dialog.message.text()
    assert not dialog.import_button.isEnabled()
    close(qtbot, dialog)
    assert window.document.experiment is before
