import gc
import json
import os
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from bpgui.experiment import edits, presets
from bpgui.experiment.builtin import find
from bpgui.experiment.data_paths import relative_path
from bpgui.experiment.errors import PresetError
from bpgui.experiment.models import Experiment
from bpgui.experiment.sources import Csv
from bpgui.ui.document import MERGE_SECONDS, Document


@pytest.fixture
def document(qapp: object, clock) -> Document:
    return Document(clock=clock)


def rate(value: float) -> Callable[[Experiment], Experiment]:
    return lambda e: edits.set_hyperparameter(e, "learning_rate", value)


def rate_of(document: Document) -> float:
    return document.experiment.training.optimizer.learning_rate


def test_a_new_document_is_the_untitled_two_input_example(document: Document) -> None:
    assert document.path is None
    assert document.experiment.name == ""
    assert document.experiment.network.inputs == 2
    assert document.experiment.initial_weights.weights[0] == ((0.15, 0.2), (0.25, 0.3))
    assert not document.modified


def test_an_edit_can_be_undone_and_done_again(document: Document) -> None:
    seen: list[tuple[Experiment, Experiment]] = []
    document.changed.connect(lambda old, new: seen.append((old, new)))
    first = document.experiment
    assert document.edit("set learning rate", rate(0.1))
    assert document.undo_stack.undoText() == "set learning rate"
    assert rate_of(document) == 0.1
    second = document.experiment
    document.undo_stack.undo()
    assert document.experiment == first
    document.undo_stack.redo()
    assert rate_of(document) == 0.1
    assert seen == [(first, second), (second, first), (first, second)]


def test_a_refused_edit_names_its_place_and_changes_nothing(document: Document) -> None:
    refused: list[tuple[str, str]] = []
    document.refused.connect(lambda place, message: refused.append((place, message)))
    before = document.experiment
    assert not document.edit("set units", lambda e: edits.set_units(e, 0, 0))
    assert document.experiment is before
    assert [place for place, _ in refused] == ["network.layers[0].units"]
    assert "1" in refused[0][1]
    assert document.undo_stack.count() == 0


def test_an_edit_that_changes_nothing_is_no_step(document: Document) -> None:
    assert document.edit("set learning rate", rate(0.5))
    assert document.undo_stack.count() == 0
    assert not document.modified


def test_quick_edits_of_one_field_are_one_step(document: Document, clock) -> None:
    for value in (0.3, 0.1, 0.03):
        clock.now += MERGE_SECONDS / 2
        document.edit("set learning rate", rate(value), "rate")
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert rate_of(document) == 0.5


def test_edits_apart_in_time_or_field_are_steps_of_their_own(document: Document, clock) -> None:
    document.edit("set learning rate", rate(0.3), "rate")
    clock.now += 2 * MERGE_SECONDS
    document.edit("set learning rate", rate(0.1), "rate")
    document.edit("set l2", lambda e: edits.set_training(e, "l2", 0.1), "l2")
    assert document.undo_stack.count() == 3


def test_quick_edits_that_lead_back_leave_no_step(document: Document) -> None:
    document.edit("set learning rate", rate(0.3), "rate")
    document.edit("set learning rate", rate(0.5), "rate")
    assert document.undo_stack.count() == 0
    assert rate_of(document) == 0.5


def test_after_undo_a_new_step_begins(document: Document) -> None:
    document.edit("set learning rate", rate(0.3), "rate")
    document.edit("set l2", lambda e: edits.set_training(e, "l2", 0.1), "l2")
    document.undo_stack.undo()
    document.undo_stack.undo()
    document.undo_stack.redo()
    document.edit("set learning rate", rate(0.1), "rate")
    document.undo_stack.undo()
    assert rate_of(document) == 0.3


def test_saving_clears_the_marker_and_undo_sets_it(document: Document, tmp_path: Path) -> None:
    marks: list[bool] = []
    document.modified_changed.connect(marks.append)
    document.edit("set learning rate", rate(0.1))
    document.save(tmp_path / "a.json")
    assert presets.load(tmp_path / "a.json") == document.experiment
    assert document.path == tmp_path / "a.json"
    assert document.folder == tmp_path
    document.undo_stack.undo()
    assert marks == [True, False, True]


def test_saving_asks_editors_first_for_what_is_typed(document: Document, tmp_path: Path) -> None:
    document.settling.connect(lambda: document.edit("set learning rate", rate(0.25)))
    document.save(tmp_path / "a.json")
    assert presets.load(tmp_path / "a.json").training.optimizer.learning_rate == 0.25


def test_a_failed_save_leaves_file_and_marker(document: Document, tmp_path: Path) -> None:
    document.edit("set learning rate", rate(0.1))
    with pytest.raises(PresetError):
        document.save(tmp_path / "no such folder" / "a.json")
    assert document.modified
    assert document.path is None


def test_opening_forgets_undo(document: Document, tmp_path: Path) -> None:
    document.save(tmp_path / "a.json")
    document.edit("set learning rate", rate(0.1))
    document.open(tmp_path / "a.json")
    assert rate_of(document) == 0.5
    assert not document.modified
    assert not document.undo_stack.canUndo()


def test_a_broken_file_leaves_the_current_experiment(document: Document, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    before = document.experiment
    with pytest.raises(PresetError):
        document.open(tmp_path / "bad.json")
    assert document.experiment is before


def test_a_copy_is_untitled_but_keeps_its_folder(document: Document) -> None:
    document.open_copy(find("xor"))
    assert document.path is None
    assert document.folder == find("xor").parent
    document.new()
    assert document.folder is None


def test_data_paths_follow_a_preset_to_its_new_folder(document: Document, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "presets").mkdir()
    (tmp_path / "data" / "a.csv").write_text("p,q,t\n1,2,0\n3,4,1\n")
    data = Csv(path=str(tmp_path / "data" / "a.csv"), inputs=("p", "q"), targets=("t",))
    document.edit("choose data", lambda e: edits.set_data(e, data))
    document.edit("set learning rate", rate(0.1))
    document.save(tmp_path / "presets" / "one.json")
    stored = json.loads((tmp_path / "presets" / "one.json").read_text())
    assert stored["data"]["path"] == "../data/a.csv"
    assert not document.modified
    document.save(tmp_path / "two.json")
    assert json.loads((tmp_path / "two.json").read_text())["data"]["path"] == "data/a.csv"
    document.undo_stack.undo()
    assert document.experiment.data.path == "data/a.csv"


@pytest.mark.parametrize(
    ("path", "old", "expected"),
    [
        ("a.csv", "one", "../one/a.csv"),
        ("sub/a.csv", None, "sub/a.csv"),
    ],
)
def test_relative_paths(path: str, old: str | None, expected: str, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    assert relative_path(path, tmp_path / old if old else None, folder) == expected


def test_a_path_is_not_moved_into_another_folder_by_links(tmp_path: Path) -> None:
    assert relative_path(os.path.join(tmp_path, "x", "a.csv"), None, tmp_path) == "x/a.csv"


def test_a_document_goes_without_the_garbage_collector(qapp: object) -> None:
    """Collected as a cycle, its steps were freed twice: by Python, and by their stack."""
    document = Document()
    document.edit("set learning rate", rate(0.1))
    document.undo()
    gone = weakref.ref(document)
    gc.disable()
    try:
        del document
        assert gone() is None
    finally:
        gc.enable()
