import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bpgui.experiment import edits
from bpgui.experiment.sample_table import XOR, sample_table
from bpgui.experiment.sources import Csv, Idx, Inline
from bpgui.ui.document import Document
from bpgui.ui.editors.experiment_editor import ExperimentEditor


def choose_source(editor: ExperimentEditor, source: str) -> None:
    """What choosing in the list emits; keys would choose each source on the way."""
    editor.data.source.setFocus()
    editor.data.source.set_value(source)
    editor.data.source.chosen.emit(source)


def shape(document: Document) -> tuple[int, int]:
    network = document.experiment.network
    return network.inputs, network.layers[-1].units


def test_another_source_reshapes_the_network(editor: ExperimentEditor, document: Document) -> None:
    choose_source(editor, "digits")
    assert document.experiment.data.source == "digits"
    assert shape(document) == (64, 10)
    assert editor.network.inputs.text() == "64"
    document.undo_stack.undo()
    assert shape(document) == (2, 2)
    assert editor.data.source.value == "inline"


def test_a_generator_and_its_numbers(open_editor, document: Document, choose, enter) -> None:
    data = open_editor("circle").data
    choose(data.generator, "spiral")
    enter(data.samples, "120")
    enter(data.noise, "0,1")
    enter(data.test_fraction, "1/4")
    enter(data.seed, "9")
    made = document.experiment.data
    assert (made.name, made.samples, made.noise, made.test_fraction, made.seed) == (
        "spiral",
        120,
        0.1,
        0.25,
        9,
    )


def test_one_click_makes_other_samples(open_editor, document: Document, qtbot: QtBot) -> None:
    data = open_editor("circle").data
    before = document.experiment.data
    assert data.new_seed.text() == "Regenerate"
    qtbot.mouseClick(data.new_seed, Qt.MouseButton.LeftButton)
    made = document.experiment.data
    assert made.seed != before.seed
    assert made.model_copy(update={"seed": before.seed}) == before
    assert data.seed.text() == str(made.seed)
    choose_source(data.window(), "digits")
    assert data.new_seed.text() == "Split anew"


def test_a_refused_number_of_samples_is_told(open_editor, document: Document, enter) -> None:
    data = open_editor("circle").data
    enter(data.samples, "0")
    assert data.fields["data.samples"].message.isVisible()
    assert document.experiment.data.samples == 300


def test_few_generated_samples_become_a_table(open_editor, document: Document) -> None:
    editor = open_editor("xor")
    choose_source(editor, "inline")
    assert document.experiment.data == XOR
    assert editor.data.inline.table.isVisible()


def test_cells_rows_and_columns_of_the_table(
    editor: ExperimentEditor, document: Document, enter, qtbot: QtBot
) -> None:
    inline = editor.data.inline
    inline.model.setData(inline.model.index(0, 1), "1/4")
    assert document.experiment.data.inputs == ((0.05, 0.25),)
    qtbot.mouseClick(inline.add, Qt.MouseButton.LeftButton)
    assert document.experiment.data.inputs == ((0.05, 0.25), (0.0, 0.0))
    enter(inline.inputs, "3")
    assert document.experiment.data.inputs == ((0.05, 0.25, 0.0), (0.0, 0.0, 0.0))
    assert shape(document) == (3, 2)
    inline.table.selectRow(0)
    qtbot.mouseClick(inline.remove, Qt.MouseButton.LeftButton)
    assert document.experiment.data.inputs == ((0.0, 0.0, 0.0),)
    assert not inline.remove.isEnabled()


def test_a_pasted_block_adds_the_samples_it_needs(
    editor: ExperimentEditor, document: Document
) -> None:
    table = editor.data.inline.table
    table.setCurrentIndex(table.model().index(0, 0))
    QGuiApplication.clipboard().setText("0\t0\t0\t1\n1\t1\t1\t0\n")
    table.paste()
    assert document.experiment.data == Inline(
        inputs=((0.0, 0.0), (1.0, 1.0)), targets=((0.0, 1.0), (1.0, 0.0))
    )


def test_a_wrong_cell_is_told_under_the_table(editor: ExperimentEditor, document: Document) -> None:
    before = document.experiment
    model = editor.data.inline.model
    model.setData(model.index(0, 0), "one")
    assert "“one” is not a number" in editor.data.fields["data"].message.text()
    model.setData(model.index(0, 0), "1e999")
    assert "too large" in editor.data.fields["data"].message.text()
    assert document.experiment is before


def test_class_indices_stay_a_flat_list() -> None:
    data = Inline(inputs=((0.0,), (1.0,)), targets=(0.0, 2.0))
    assert sample_table(data).data() == data
    assert sample_table(data).with_columns(2, 1).data().targets == (0.0, 2.0)
    assert sample_table(data).with_columns(1, 2).data().targets == ((0.0, 0.0), (2.0, 0.0))


# --- files --------------------------------------------------------------------------------------


def test_a_csv_file_is_taken_with_its_columns(
    editor: ExperimentEditor, document: Document, enter, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("p,q,t\n1,2,0\n3,4,1\n")
    before = document.experiment
    choose_source(editor, "csv")
    assert document.experiment is before
    assert editor.data.hint.isVisible()
    enter(editor.data.paths["path"], str(path))
    made = document.experiment.data
    assert (made.inputs, made.targets) == (("p", "q"), ("t",))
    assert shape(document) == (2, 1)
    assert not editor.data.hint.isVisible()
    enter(editor.data.columns["inputs"], "q")
    assert document.experiment.data.inputs == ("q",)
    assert shape(document) == (1, 1)
    enter(editor.data.columns["targets"], "q")
    assert "twice" in editor.data.fields["data.targets"].message.text()


def test_a_file_that_is_not_there_is_told_and_the_data_stay(
    editor: ExperimentEditor, document: Document, enter, tmp_path: Path
) -> None:
    before = document.experiment
    choose_source(editor, "csv")
    enter(editor.data.paths["path"], str(tmp_path / "gone.csv"))
    assert "not there" in editor.data.fields["data.path"].message.text()
    assert document.experiment is before
    choose_source(editor, "inline")
    assert editor.data.inline.isVisible()
    assert document.experiment is before


def test_a_csv_without_inputs_is_told(
    editor: ExperimentEditor, document: Document, enter, tmp_path: Path
) -> None:
    (tmp_path / "one.csv").write_text("only\n1\n")
    choose_source(editor, "csv")
    enter(editor.data.paths["path"], str(tmp_path / "one.csv"))
    assert "one column" in editor.data.fields["data.path"].message.text()


def test_a_preset_whose_file_is_gone_says_how_to_mend_it(
    open_editor, document: Document, enter, tmp_path: Path
) -> None:
    (tmp_path / "b.csv").write_text("p,q,t\n1,2,0\n3,4,1\n")
    data = Csv(path="gone.csv", inputs=("p", "q"), targets=("t",))
    document.set_experiment(edits.set_data(document.experiment, data), tmp_path / "a.json")
    editor = open_editor()
    message = editor.data.fields["data.path"].message
    assert message.text() == "This file is not there. Put it back, or choose where it is now."
    editor._refuse("data.path", "gone.csv: there is no such file")
    assert message.text() == "This file is not there. Put it back, or choose where it is now."
    enter(editor.data.paths["path"], str(tmp_path / "b.csv"))
    assert document.experiment.data.path == "b.csv"
    assert not message.isVisible()


def test_idx_files_and_the_labels_that_lie_beside(
    editor: ExperimentEditor, document: Document, enter, tmp_path: Path
) -> None:
    pixels = np.arange(5 * 3 * 2, dtype=np.uint8)
    images = tmp_path / "train-images-idx3-ubyte.gz"
    images.write_bytes(gzip.compress(struct.pack(">4B3I", 0, 0, 8, 3, 5, 3, 2) + pixels.tobytes()))
    labels = tmp_path / "train-labels-idx1-ubyte.gz"
    labels.write_bytes(gzip.compress(struct.pack(">4BI", 0, 0, 8, 1, 5) + bytes([0, 1, 2, 1, 0])))
    choose_source(editor, "idx")
    enter(editor.data.paths["images"], str(images))
    assert document.experiment.data == Idx(
        images=str(images), labels=str(labels), test_fraction=0.2
    )
    assert shape(document) == (6, 3)


@pytest.mark.parametrize("source", ["csv", "idx"])
def test_escape_from_a_source_without_files_is_another_choice(
    editor: ExperimentEditor, document: Document, source: str
) -> None:
    choose_source(editor, source)
    choose_source(editor, "generated")
    assert document.experiment.data.source == "generated"
    assert not editor.data.hint.isVisible()


def test_the_last_samples_can_be_kept_for_testing(
    editor: ExperimentEditor, document: Document, choose
) -> None:
    choose_source(editor, "digits")
    assert editor.data.split.value == "random"
    choose(editor.data.split, "last")
    assert document.experiment.data.split == "last"
    choose_source(editor, "generated")
    assert not editor.data.split.isVisible()
