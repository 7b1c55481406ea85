"""The whole window with the real document, session, run and worker."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QSlider,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bpgui.experiment import edits, presets
from bpgui.experiment.builtin import builtin
from bpgui.experiment.sample_table import XOR
from bpgui.experiment.sources import Generated, Inline
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.training.worker import Worker
from bpgui.ui.docks import in_sight
from bpgui.ui.fault_sign import FaultSign
from bpgui.ui.main_window import MainWindow
from bpgui.ui.memory import Memory
from bpgui.ui.panels.parameter_columns import COLUMNS
from bpgui.ui.preferences import Preferences
from bpgui.ui.theme import DARK, LIGHT
from bpgui.ui.transport import SPEEDS
from bpgui.ui.verify_dialog import VerifyDialog


@pytest.fixture
def opened(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> Callable[..., MainWindow]:
    """Shows a window whose panels have rendered the first snapshot."""

    def open_ready(**choices: object) -> MainWindow:
        window = open_window(**choices)
        ready(qtbot, window)
        return window

    return open_ready


@pytest.fixture
def window(opened) -> MainWindow:
    return opened()


def wait(qtbot: QtBot, window: MainWindow, condition: Callable[[Snapshot], bool]) -> Snapshot:
    """The first snapshot for which the condition holds, once it has been rendered."""
    session, turns = window.session, window.panel_docks[0]._turns

    def fulfilled() -> bool:
        return session.snapshot is not None and condition(session.snapshot) and not turns.waiting

    qtbot.waitUntil(fulfilled)
    return session.snapshot


def paused(snapshot: Snapshot) -> bool:
    return snapshot.state is RunState.PAUSED


def running(snapshot: Snapshot) -> bool:
    return snapshot.state is RunState.RUNNING and snapshot.iteration > 0


def ready(qtbot: QtBot, window: MainWindow) -> Snapshot:
    qtbot.waitUntil(lambda: not window.session.loading)
    return wait(qtbot, window, lambda snapshot: not snapshot.message)


def open_builtin(qtbot: QtBot, window: MainWindow, slug: str) -> Snapshot:
    with qtbot.waitSignal(window.session.run_started):
        window.filing.open_builtin(next(each for each in builtin() if each.slug == slug))
    return wait(qtbot, window, paused)


def dialog(qtbot: QtBot, window: MainWindow, name: str) -> QDialog:
    def found() -> list[QDialog]:
        dialogs = window.findChildren(QDialog, name)
        return [each for each in dialogs if each.isVisible()]

    qtbot.waitUntil(lambda: len(found()) == 1)
    return found()[0]


def answer(qtbot: QtBot, window: MainWindow, button: QMessageBox.StandardButton) -> None:
    box = dialog(qtbot, window, "unsaved")
    assert isinstance(box, QMessageBox)
    box.button(button).click()


def choose_file(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    files = dialog(qtbot, window, "file")
    assert isinstance(files, QFileDialog)
    files.setDirectory(str(path.parent))
    files.selectFile(str(path))
    files.accept()


def wider(window: MainWindow) -> None:
    assert window.document.edit("Units", lambda e: edits.set_units(e, 0, 5))


# --- run ----------------------------------------------------------------------------------------


def test_it_starts_with_the_two_input_example_paused(window) -> None:
    assert window.session.snapshot.state is RunState.PAUSED
    assert window.status.state.text() == "paused"
    assert window.status.figures["iteration"].text() == "0"
    assert window.status.figures["loss"].text() == "0.29837110876"
    assert window.windowTitle() == "Untitled[*] - bpgui"
    assert window.transport.hint.isVisible()


def test_ten_thousand_epochs_show_the_published_loss(qtbot, window) -> None:
    window.commands["toggle"].trigger()
    wait(qtbot, window, lambda snapshot: snapshot.state is RunState.FINISHED)
    assert float(window.status.figures["loss"].text()) == 3.51018778298e-05
    assert window.status.figures["epoch"].text() == "10,000"
    assert window.status.state.text() == "finished"
    assert not window.commands["step_iteration"].isEnabled()
    assert "stop rule" in window.commands["step_iteration"].toolTip()
    assert not window.transport.hint.isVisible()
    assert window.memory.preferences.hint_seen


def endless(qtbot: QtBot, window: MainWindow) -> None:
    window.document.edit("No end", lambda e: edits.set_stop(e, "max_epochs", None))
    wait(qtbot, window, lambda snapshot: snapshot.settings.stop.max_epochs is None)


def test_space_runs_and_pauses_from_tables_plots_and_number_boxes(qtbot, window) -> None:
    endless(qtbot, window)
    views = [window.parameters, window.docks["loss"].panel]
    boxes = window.editor.network.findChildren(QAbstractSpinBox)
    number = next(box for box in boxes if box.isEnabled())
    for target in (*views, number):
        target.setFocus()
        focus = QApplication.focusWidget() or window
        qtbot.keyClick(focus, Qt.Key.Key_Space)
        wait(qtbot, window, running)
        assert window.commands["toggle"].iconText() == "Pause"
        qtbot.keyClick(focus, Qt.Key.Key_Space)
        wait(qtbot, window, paused)
        assert window.commands["toggle"].iconText() == "Run"


def test_space_writes_in_text_fields_and_presses_buttons(qtbot, window) -> None:
    field = window.editor.about.findChild(QLineEdit)
    field.setFocus()
    qtbot.keyClicks(field, "a b")
    assert field.text().endswith("a b")
    assert window.session.snapshot.iteration == 0
    button = window.transport.widgetForAction(window.commands["step_iteration"])
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    wait(qtbot, window, lambda snapshot: snapshot.iteration == 1 and paused(snapshot))


def test_space_runs_after_a_click_on_a_list_or_a_check_box(qtbot, window) -> None:
    """Who works with the mouse has not chosen what the space bar should press."""
    endless(qtbot, window)
    axis = window.docks["loss"].panel.axis_choice
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for target in (axis, window.editor.weights.scheme):
        qtbot.mousePress(target, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(target.view().isVisible)
        qtbot.keyClick(target.view(), Qt.Key.Key_Escape)
        qtbot.mouseRelease(target, Qt.MouseButton.LeftButton)
        window.activateWindow()
        qtbot.waitUntil(target.hasFocus)
        qtbot.keyClick(target, Qt.Key.Key_Space)
        wait(qtbot, window, running)
        qtbot.keyClick(target, Qt.Key.Key_Space)
        wait(qtbot, window, paused)
        assert not target.view().isVisible()
    axis.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(axis, Qt.Key.Key_Space)
    qtbot.waitUntil(axis.view().isVisible)
    qtbot.keyClick(axis.view(), Qt.Key.Key_Escape)
    assert paused(window.session.snapshot)


def test_no_letter_stands_for_two_things(window) -> None:
    """With Alt it would do neither."""
    texts = [action.text() for action in window.menuBar().actions()]
    texts += [label.text() for label in window.findChildren(QLabel) if label.buddy()]
    texts += [button.text() for button in window.findChildren(QAbstractButton)]
    letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
    assert sorted(letters) == sorted(set(letters))
    assert "l" in letters


def test_steps_by_their_keys(qtbot, window) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F8)
    wait(qtbot, window, lambda snapshot: snapshot.iteration == 1 and paused(snapshot))
    assert window.status.figures["loss"].text() == "0.291027773694"
    qtbot.keyClick(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    wait(qtbot, window, lambda snapshot: snapshot.epoch == 2 and paused(snapshot))
    window.commands["reset"].trigger()
    wait(qtbot, window, lambda snapshot: snapshot.iteration == 0)
    assert window.status.figures["loss"].text() == "0.29837110876"


def test_the_learning_rate_changes_while_it_runs(qtbot, window) -> None:
    endless(qtbot, window)
    window.commands["toggle"].trigger()
    run_id = wait(qtbot, window, running).run_id
    window.document.edit("Rate", lambda e: edits.set_hyperparameter(e, "learning_rate", 0.125))
    snapshot = wait(qtbot, window, lambda s: s.settings.optimizer.learning_rate == 0.125)
    assert snapshot.run_id == run_id
    window.commands["undo"].trigger()
    wait(qtbot, window, lambda s: s.settings.optimizer.learning_rate == 0.5)
    assert window.session.snapshot.run_id == run_id


def test_another_layer_size_goes_on_running_with_a_new_run(qtbot, window) -> None:
    endless(qtbot, window)
    window.commands["toggle"].trigger()
    run_id = wait(qtbot, window, running).run_id
    wider(window)
    snapshot = wait(qtbot, window, lambda s: s.run_id > run_id and running(s))
    assert len(snapshot.parameters) == 5 * 3 + 2 * 6
    assert window.isWindowModified()


def test_new_weights_show_their_seed_and_can_be_undone(qtbot, window) -> None:
    first = open_builtin(qtbot, window, "xor")
    seed = window.document.experiment.initial_weights.seed
    window.commands["new_weights"].trigger()
    second = wait(qtbot, window, lambda s: s.run_id > first.run_id)
    drawn = window.document.experiment.initial_weights.seed
    assert drawn != seed
    assert not np.array_equal(first.parameters, second.parameters)
    shown = [box.text() for box in window.editor.weights.findChildren(QAbstractSpinBox)]
    assert str(drawn) in shown
    window.commands["undo"].trigger()
    third = wait(qtbot, window, lambda s: s.run_id > second.run_id)
    np.testing.assert_array_equal(first.parameters, third.parameters)


def test_a_parameter_is_set_and_frozen_from_the_table(qtbot, window) -> None:
    window.parameters.value_edited.emit(0, 0.75)
    wait(qtbot, window, lambda s: s.parameters[0] == 0.75)
    window.parameters.frozen_toggled.emit(0, True)
    assert window.document.experiment.training.frozen == ("w(1)[1,1]",)
    wait(qtbot, window, lambda s: s.settings.frozen is not None)
    window.commands["step_iteration"].trigger()
    snapshot = wait(qtbot, window, lambda s: s.iteration == 1 and paused(s))
    assert snapshot.parameters[0] == 0.75


def test_a_parameter_cannot_be_set_while_it_runs(qtbot, window) -> None:
    endless(qtbot, window)
    window.commands["toggle"].trigger()
    wait(qtbot, window, running)
    window.parameters.value_edited.emit(0, 0.75)
    assert "Pause first" in window.notice.text.text()


def test_the_speed_is_spelled_out_and_obeyed(qtbot, window) -> None:
    window.transport.slider.setValue(0)
    assert window.transport.speed_label.text() == "1 iteration/s"
    window.transport.slider.setValue(SPEEDS.index(10_000))
    assert window.transport.speed_label.text() == "10,000 iterations/s"
    window.transport.slider.setValue(len(SPEEDS))
    assert window.transport.speed_label.text() == "as fast as it goes"


def test_a_killed_worker_is_told_and_the_next_run_works(qtbot, opened, kill_during_a_burst) -> None:
    own = Worker()
    window = opened(worker=own)
    endless(qtbot, window)
    window.commands["toggle"].trigger()
    wait(qtbot, window, running)
    kill_during_a_burst(window.session)
    failed = wait(qtbot, window, lambda s: s.state is RunState.FAILED)
    assert window.notice.isVisible()
    assert window.notice.text.text() == failed.message
    assert window.status.state.text() == "failed"
    window.commands["toggle"].trigger()
    wait(qtbot, window, lambda s: running(s) and s.iteration > failed.iteration)
    assert not window.notice.isVisible()


def test_no_dock_that_comes_to_the_front_covers_a_notice(qtbot, window) -> None:
    notice = window.notice
    notice.say("What happened")

    def uncovered() -> bool:
        at = window.childAt(notice.geometry().center())
        return at is notice or notice.isAncestorOf(at)

    assert uncovered()
    for dock in window.docks.values():
        dock.raise_()
        qtbot.waitUntil(uncovered)
        assert in_sight(dock)
    window.commands["reset_layout"].trigger()
    qtbot.waitUntil(uncovered)


def test_divergence_is_told_and_reset_mends_it(qtbot, window) -> None:
    open_builtin(qtbot, window, "plane")
    window.document.edit("Wild", lambda e: edits.set_hyperparameter(e, "learning_rate", 1e9))
    wait(qtbot, window, lambda s: s.settings.optimizer.learning_rate == 1e9)
    window.commands["toggle"].trigger()
    snapshot = wait(qtbot, window, lambda s: s.state is RunState.DIVERGED)
    assert window.notice.text.text() == snapshot.message
    window.notice.button.click()
    wait(qtbot, window, paused)
    assert not window.notice.isVisible()


# --- documents ----------------------------------------------------------------------------------


def test_save_close_and_reopen(qtbot, opened, tmp_path) -> None:
    window = opened()
    wider(window)
    window.commands["save"].trigger()
    choose_file(qtbot, window, tmp_path / "mine.json")
    qtbot.waitUntil(lambda: not window.document.modified)
    assert window.windowTitle() == "mine.json[*] - bpgui"
    saved = window.document.experiment
    window.close()
    assert not window.isVisible()
    again = opened()
    again.commands["open"].trigger()
    choose_file(qtbot, again, tmp_path / "mine.json")
    qtbot.waitUntil(lambda: again.document.path == tmp_path / "mine.json")
    assert again.document.experiment == saved
    assert again.memory.preferences.recent == (str(tmp_path / "mine.json"),)
    recent = again.findChild(QWidget, "recent").actions()
    assert "mine.json" in recent[0].text()
    again.commands["new"].trigger()
    recent = again.findChild(QWidget, "recent").actions()
    recent[0].trigger()
    assert again.document.experiment == saved


def test_closing_asks_and_can_be_cancelled(qtbot, window) -> None:
    wider(window)
    window.close()
    answer(qtbot, window, QMessageBox.StandardButton.Cancel)
    assert window.isVisible()
    window.close()
    answer(qtbot, window, QMessageBox.StandardButton.Discard)
    qtbot.waitUntil(lambda: not window.isVisible())


def test_closing_can_save_first(qtbot, window, tmp_path) -> None:
    wider(window)
    window.close()
    answer(qtbot, window, QMessageBox.StandardButton.Save)
    choose_file(qtbot, window, tmp_path / "kept.json")
    qtbot.waitUntil(lambda: not window.isVisible())
    assert presets.load(tmp_path / "kept.json").network.layers[0].units == 5


def test_a_failed_save_keeps_window_changes_and_old_file(qtbot, window, tmp_path) -> None:
    wider(window)
    target = tmp_path / "folder.json"
    target.mkdir()
    assert not window.filing.save_now(target)
    box = dialog(qtbot, window, "failure")
    assert "folder.json" in box.text()
    box.close()
    assert window.document.modified
    assert target.is_dir()


def test_a_preset_that_will_not_open_tells_all_and_loses_nothing(qtbot, window, tmp_path) -> None:
    before = window.document.experiment
    content = json.loads(presets.dumps(before))
    content["network"]["layers"][0] |= {"units": 0, "activation": "sigmoyd"}
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(content))
    window.filing.open(wrong)
    box = dialog(qtbot, window, "problems")
    text = box.findChild(QPlainTextEdit).toPlainText()
    assert "network.layers[0].units" in text
    assert "did you mean sigmoid" in text
    box.reject()
    assert window.document.experiment == before
    assert window.session.snapshot.state is RunState.PAUSED


def test_a_recent_file_that_is_gone_is_forgotten(qtbot, window, tmp_path) -> None:
    gone = tmp_path / "gone.json"
    window.memory.remember(Preferences(recent=(str(gone),)))
    window.filing.open(gone)
    dialog(qtbot, window, "problems").reject()
    assert window.memory.preferences.recent == ()


def test_the_arrow_keys_step_over_the_names_of_groups(qtbot, window) -> None:
    window.commands["presets"].trigger()
    chooser = dialog(qtbot, window, "presets")
    shown = [each.slug for each in builtin()]
    passed = [chooser.current.slug]
    for _ in shown[1:]:
        qtbot.keyClick(chooser.search, Qt.Key.Key_Down)
        passed.append(chooser.current.slug)
    assert passed == shown
    for slug in reversed(shown[:-1]):
        qtbot.keyClick(chooser.search, Qt.Key.Key_Up)
        assert chooser.current.slug == slug
    qtbot.keyClick(chooser.search, Qt.Key.Key_Up)
    assert chooser.current.slug == shown[0]
    assert chooser.open_button.isEnabled()
    assert chooser.tree.currentItem().isSelected()
    chooser.reject()


def test_presets_are_found_by_typing(qtbot, window) -> None:
    window.commands["presets"].trigger()
    chooser = dialog(qtbot, window, "presets")
    qtbot.keyClicks(chooser.search, "digits read well")
    assert chooser.current.slug == "digits-accurate"
    assert chooser.description.text() == chooser.current.description
    qtbot.keyClick(chooser.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.document.experiment.data.source == "digits")
    assert window.windowTitle().startswith(window.document.experiment.name)
    assert not window.document.modified
    wait(qtbot, window, lambda s: s.evaluation.test_accuracy is not None)
    assert window.status.figures["test_accuracy"].isVisible()


def test_a_search_without_result_says_so(qtbot, window) -> None:
    window.commands["presets"].trigger()
    chooser = dialog(qtbot, window, "presets")
    chooser.search.setText("quagga")
    assert chooser.current is None
    assert not chooser.open_button.isEnabled()
    chooser.reject()


def test_every_preset_opens(qtbot, window) -> None:
    for preset in builtin():
        open_builtin(qtbot, window, preset.slug)
        assert window.session.obstacle == ""


def test_a_dropped_file_is_opened(qtbot, window, drop, tmp_path) -> None:
    file = tmp_path / "dropped.json"
    presets.save(file, edits.set_units(window.document.experiment, 0, 7))
    drop(window, file, file)
    drop(window.editor.about.findChild(QPlainTextEdit).viewport(), file)
    qtbot.waitUntil(lambda: window.document.path == file)
    window.document.new()
    drop(window.parameters.table.viewport(), file)
    qtbot.waitUntil(lambda: window.document.path == file)
    assert len(wait(qtbot, window, lambda s: len(s.parameters) > 12).parameters) == 7 * 3 + 2 * 8


def test_missing_data_opens_says_how_to_mend_and_runs_once_it_is_there(
    qtbot, window, tmp_path
) -> None:
    content = json.loads(presets.dumps(window.document.experiment))
    content["data"] = {
        "source": "csv",
        "path": "n.csv",
        "inputs": ["a", "b"],
        "targets": ["c", "d"],
    }
    file = tmp_path / "csv.json"
    file.write_text(json.dumps(content))
    window.filing.open(file)
    qtbot.waitUntil(lambda: bool(window.session.obstacle))
    assert window.document.path == file
    assert not window.commands["toggle"].isEnabled()
    assert window.session.obstacle in window.commands["toggle"].toolTip()
    assert "n.csv" in window.notice.text.text()
    told = window.editor.data.field_at("data.path").message
    assert told.text()
    (tmp_path / "n.csv").write_text("a,b,c,d\n0.1,0.2,0.3,0.4\n")
    window.notice.button.click()
    ready(qtbot, window)
    assert window.commands["toggle"].isEnabled()
    assert window.session.obstacle == ""
    assert told.text() == ""


def test_a_feature_without_a_value_is_told_by_its_name_and_at_its_field(qtbot, window) -> None:
    data = Inline(inputs=((2.0,), (-1.0,)), targets=((0.0,), (1.0,)))
    window.document.edit("Own samples", lambda e: edits.set_data(e, data))
    ready(qtbot, window)
    window.editor.data.features.chosen.emit(("x1", "log(x1)"))
    qtbot.waitUntil(lambda: bool(window.session.obstacle))
    told = (
        "The feature log(x1) has no value for sample 2 of the data, where x1 = -1: log of -1, in "
        "log(x1); log takes numbers above zero. Change the feature or the data."
    )
    assert window.notice.text.text() == told
    assert not window.notice.button.isVisible()
    assert window.editor.data.features.rows[0].message.text() == told
    window.editor.data.features.chosen.emit(("x1", "exp(x1)"))
    ready(qtbot, window)
    qtbot.waitUntil(lambda: not window.notice.isVisible())
    assert window.editor.data.features.rows[0].message.text() == ""


# --- looks --------------------------------------------------------------------------------------


def places(window: MainWindow) -> dict[str, tuple[int, int, int, int]]:
    """Of the docks that are not behind another's tab."""
    docks = window.docks.items()
    return {name: dock.geometry().getRect() for name, dock in docks if dock.x() >= 0}


def test_a_panel_that_floats_leaves_the_space_bar_to_the_run(qtbot, window) -> None:
    dock = window.docks["loss"]
    dock.setFloating(True)
    qtbot.waitUntil(lambda: dock.isVisible() and dock.hasFocus())
    qtbot.keyClick(dock, Qt.Key.Key_Space)
    wait(qtbot, window, running)
    assert dock.isFloating()


CONTROLS = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QSlider)


def controls(parent: QWidget) -> list[QWidget]:
    """That can be seen and reached by keys, without the parts of others."""
    found = [each for each in parent.findChildren(QWidget) if isinstance(each, CONTROLS)]
    return [
        each
        for each in found
        if each.isVisible()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(each, QHeaderView)
        and not isinstance(each.parentWidget(), CONTROLS)
    ]


def name_of(control: QWidget) -> str:
    labels = control.window().findChildren(QLabel)
    texts = [label.text() for label in labels if label.buddy() is control]
    return control.accessibleName() or next(iter(texts), getattr(control, "text", str)())


def test_every_control_of_every_panel_has_a_name(qtbot, window) -> None:
    seen: dict[str, list[str]] = {}
    for name, dock in window.docks.items():
        dock.raise_()
        qtbot.waitUntil(lambda dock=dock: dock.widget().isVisible() and dock.x() >= 0)
        seen[name] = [name_of(each) for each in controls(dock.widget())]
    assert sum(map(len, seen.values())) > 60
    assert {name: found for name, found in seen.items() if "" in found} == {}


@pytest.mark.parametrize("name", ["presets", "lesson", "verify", "shortcuts", "about"])
def test_every_control_of_a_dialog_has_a_name(qtbot, window, name) -> None:
    window.commands[name].trigger()
    qtbot.waitUntil(lambda: window.findChildren(QDialog) != [])
    (opened,) = window.findChildren(QDialog)
    qtbot.waitUntil(opened.isVisible)
    found = controls(opened)
    assert found
    assert not [type(each).__name__ for each in found if not name_of(each)]
    opened.reject()


def test_reset_layout_brings_the_default_back(qtbot, window) -> None:
    qtbot.waitUntil(lambda: abs(window.docks["experiment"].width() - 336) < 40)
    before = places(window)
    window.docks["loss"].close()
    window.docks["gradients"].setFloating(True)
    window.tabifyDockWidget(window.docks["experiment"], window.docks["parameters"])
    window.commands["reset_layout"].trigger()
    qtbot.waitUntil(lambda: places(window) == before)


def test_the_experiment_keeps_its_width_when_the_window_changes(qtbot, window) -> None:
    dock = window.docks["experiment"]
    qtbot.waitUntil(lambda: abs(dock.width() - 336) < 40)
    width = dock.width()
    for size in ((1700, 1000), (1100, 700), (1280, 800)):
        window.resize(*size)
        qtbot.waitUntil(lambda: dock.width() == width)
    columns = [dock, window.docks["parameters"], window.docks["loss"]]
    window.resizeDocks(columns, [400, 540, 328], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: dock.width() > width)
    wider = dock.width()
    window.resize(1500, 900)
    qtbot.waitUntil(lambda: dock.width() == wider)
    dock.close()
    window.resize(1280, 800)
    dock.show()
    qtbot.waitUntil(lambda: dock.width() == wider)


def test_a_small_window_cuts_off_no_field(qtbot, window) -> None:
    window.resize(1300, 860)
    open_builtin(qtbot, window, "digits-accurate")
    window.resize(1024, 680)
    qtbot.waitUntil(lambda: window.width() == 1024)
    editor = window.editor
    assert editor.viewport().width() >= editor.widget().minimumSizeHint().width()
    assert window.docks["experiment"].width() >= editor.minimumSizeHint().width()


def test_another_preset_begins_at_the_top_and_with_the_key_that_runs(qtbot, window) -> None:
    open_builtin(qtbot, window, "moons")
    window.editor.setFocus()
    scrolled = window.editor.verticalScrollBar()
    scrolled.setValue(scrolled.maximum())
    last = window.editor.findChildren(QLineEdit)[-1]
    last.setFocus()
    open_builtin(qtbot, window, "lesson-units")
    assert window.focusWidget() is window
    assert scrolled.value() == 0


@pytest.mark.parametrize("width", [1024, 920])
def test_tabs_keep_their_names_in_a_small_window(qtbot, window, width) -> None:
    window.resize(width, 700)
    bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    seen = [bar for bar in bars if bar.isVisible()]
    assert [bar.count() for bar in seen] == [5, 2]
    for bar in seen:
        assert bar.elideMode() == Qt.TextElideMode.ElideNone
        assert bar.usesScrollButtons()
        tabs = [bar.tabRect(index) for index in range(bar.count())]
        written = [bar.fontMetrics().horizontalAdvance(bar.tabText(i)) for i in range(bar.count())]
        assert all(tab.width() > text for tab, text in zip(tabs, written, strict=True))
        arrows = [each for each in bar.findChildren(QToolButton) if each.isVisible()]
        assert width < 1024 or (tabs[-1].right() <= bar.width() and not arrows)


def test_the_layout_is_remembered(qtbot, opened) -> None:
    window = opened()
    window.docks["loss"].close()
    window.close()
    again = opened()
    assert not again.docks["loss"].isVisible()
    assert again.docks["gradients"].isVisible()


def test_the_experiment_keeps_a_remembered_width_when_the_window_changes(qtbot, opened) -> None:
    window = opened()
    QApplication.processEvents()
    width = window.docks["experiment"].width()
    window.close()
    again = opened()
    for size in (1500, 1100, 1400):
        again.resize(size, 800)
        QApplication.processEvents()
        assert again.docks["experiment"].width() == width


def test_a_panel_that_cannot_be_seen_is_not_rendered(qtbot, window) -> None:
    dock = window.docks["loss"]
    window.tabifyDockWidget(dock, window.docks["gradients"])
    window.docks["gradients"].raise_()
    qtbot.waitUntil(lambda: not dock._on_screen)
    window.commands["step_iteration"].trigger()
    wait(qtbot, window, lambda s: s.iteration == 1 and paused(s))
    assert dock._waiting is window.session.snapshot
    assert window.docks["gradients"]._waiting is None
    dock.raise_()
    qtbot.waitUntil(lambda: dock._waiting is None)


def test_a_pause_leaves_every_panel_at_the_last_snapshot(qtbot, window) -> None:
    endless(qtbot, window)
    window.commands["toggle"].trigger()
    wait(qtbot, window, lambda s: running(s) and s.iteration > 1000)
    window.commands["toggle"].trigger()
    last = wait(qtbot, window, paused)
    model, loss, gradients = (
        window.parameters.model,
        window.docks["loss"].panel,
        window.docks["gradients"].panel,
    )
    np.testing.assert_array_equal(model.numbers("value"), last.parameters)
    np.testing.assert_array_equal(window.network.canvas._numbers, last.parameters)
    assert loss._view.exact.iteration[-1] == last.iteration
    assert loss._view.exact.train[-1] == last.evaluation.loss
    np.testing.assert_array_equal(gradients._picture.rows.iteration, last.gradients.iteration)
    assert window.status.figures["iteration"].text() == f"{last.iteration:,}"


def test_nothing_is_cut_off_at_both_sizes(qtbot, window) -> None:
    for size in ((1280, 800), (1920, 1080)):
        window.resize(*size)
        window.reset_layout()
        qtbot.waitUntil(lambda: abs(window.docks["experiment"].width() - 336) < 40)
        assert (window.width(), window.height()) == size
        for dock in window.docks.values():
            if dock.x() < 0:  # behind the tab of another
                assert window.tabifiedDockWidgets(dock)
                continue
            assert window.rect().contains(dock.geometry())
            assert dock.width() >= dock.minimumSizeHint().width()
            assert dock.height() >= dock.minimumSizeHint().height()
        for action in window.transport.actions():
            widget = window.transport.widgetForAction(action)
            assert widget.isHidden() or window.transport.rect().contains(widget.geometry())


def test_the_theme_changes_and_is_remembered(qapp, window) -> None:
    window.findChild(QWidget, "theme").actions()[2].trigger()
    assert qapp.palette().window().color().name() == DARK.window
    assert window.memory.preferences.theme == "dark"
    window.findChild(QWidget, "theme").actions()[1].trigger()
    assert qapp.palette().window().color().name() == LIGHT.window


def test_broken_preferences_are_set_aside_and_told(tmp_path, qtbot) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "preferences.json").write_text("{")
    (folder / "window.ini").write_bytes(bytes(range(256)))
    memory = Memory(folder)
    assert "set-aside" in memory.warning
    assert memory.preferences == Preferences()


def test_dialogs_open_and_close(qtbot, window) -> None:
    for command, name in (("about", "about"), ("shortcuts", "shortcuts")):
        window.commands[command].trigger()
        dialog(qtbot, window, name).reject()


def test_every_command_has_keys_of_its_own(window) -> None:
    keys = [
        key.toString() for action in window.commands._actions.values() for key in action.shortcuts()
    ]
    assert len(keys) == len(set(keys))
    assert window.commands["quit"].shortcut().toString() == "Ctrl+Q"


def test_a_long_load_is_announced_and_can_be_cancelled(qtbot, window) -> None:
    window.start()
    window.run_notices.show_loading()
    assert window.notice.progress.isVisible()
    window.notice.button.click()
    assert window.session.obstacle
    assert not window.commands["toggle"].isEnabled()
    window.notice.button.click()
    ready(qtbot, window)
    assert window.commands["toggle"].isEnabled()


def test_thirty_thousand_updates_lose_no_reference_to_none(window) -> None:
    """A PySide release lost one with each call and aborted the program."""
    for _ in range(30_000):
        window.update()


def number_shown(window: MainWindow, column: str) -> str:
    model = window.parameters.model
    return model.index(0, COLUMNS.index(column)).data()


def test_the_digits_shown_are_chosen_in_the_menu_and_remembered(qtbot, opened) -> None:
    window = opened()
    menu = window.findChild(QMenu, "digits")
    assert [action.text() for action in menu.actions()][:2] == ["4", "5"]
    window.findChild(QAction, "digits_4").trigger()
    window.commands["step_iteration"].trigger()
    qtbot.waitUntil(lambda: number_shown(window, "gradient") == "0.0004386")
    assert number_shown(window, "value") == "0.1498"
    window.close()
    again = opened()
    assert again.memory.preferences.digits == 4
    qtbot.waitUntil(lambda: number_shown(again, "value") == "0.15")


def test_the_graph_has_most_of_the_height_while_it_is_in_front(qtbot, window) -> None:
    docks = window.docks
    qtbot.waitUntil(lambda: abs(docks["experiment"].width() - 336) < 40)
    before = docks["parameters"].height()
    docks["graph"].raise_()
    qtbot.waitUntil(lambda: docks["parameters"].height() < before - 50)
    docks["network"].raise_()
    qtbot.waitUntil(lambda: docks["parameters"].height() == before)


def test_a_wrong_backward_pass_is_told_until_it_is_put_right(qtbot, window) -> None:
    sign = window.findChild(FaultSign)
    qtbot.waitUntil(lambda: window.session.snapshot is not None)
    assert not sign.isVisible()
    for fault, told in (("sign_turned", True), (None, False)):
        window.document.edit("fault", lambda e, fault=fault: edits.set_training(e, "fault", fault))
        qtbot.waitUntil(lambda told=told: sign.isVisible() is told)


def test_the_check_uses_the_worker_and_flags_the_wrong_parameters(qtbot, opened) -> None:
    window = opened()
    window.document.edit("fault", lambda e: edits.set_training(e, "fault", "sum_for_mean"))
    window.document.edit("noise", lambda e: edits.set_data(e, Generated(name="plane", samples=5)))
    wait(qtbot, window, lambda snapshot: paused(snapshot) and window.session.problem.fault)
    window.commands["step_iteration"].trigger()
    wait(qtbot, window, lambda snapshot: snapshot.iteration == 1 and paused(snapshot))
    window.parameters.check_now()
    size = window.session.problem.network.size
    model = window.parameters.model
    qtbot.waitUntil(lambda: model.verdict(size - 1) is not None)
    assert {model.verdict(index) for index in range(size)} == {"wrong"}


def test_closing_amid_a_check_ends_it(qtbot, opened) -> None:
    window = opened()
    window.parameters.check_now()
    assert window.parameters.ledger.busy
    window.close()
    assert not window.parameters.ledger.busy


def test_help_shows_the_published_digits(qtbot, window) -> None:
    window.commands["verify"].trigger()
    dialog = window.findChild(VerifyDialog)
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: "89 of 89" in dialog.summary.text(), timeout=60_000)
    dialog.close()


def test_the_output_follows_a_run_and_its_pause(qtbot, window) -> None:
    open_builtin(qtbot, window, "spiral")
    dock = window.docks["output"]
    assert window.docks["network"] in window.tabifiedDockWidgets(dock)
    dock.raise_()
    qtbot.waitUntil(lambda: dock.panel.isVisible())
    endless(qtbot, window)
    shown = set()
    window.commands["toggle"].trigger()

    def live() -> bool:
        frame = dock.panel._frame
        shown.add(0 if frame is None else frame.question.iteration)
        return len(shown) > 3

    qtbot.waitUntil(live)
    window.commands["toggle"].trigger()
    snapshot = wait(qtbot, window, paused)
    qtbot.waitUntil(lambda: dock.panel._frame.question.parameters is snapshot.parameters)
    dock.panel.picture.picked.emit("train", 7)
    assert window.network.controls.sample.value() == 8
    window.docks["explain"].raise_()
    sample = window.docks["explain"].panel.bar.sample
    qtbot.waitUntil(lambda: sample.value() == 8)


def test_closing_amid_an_evaluation_ends_it(qtbot, opened) -> None:
    window = opened()
    window.docks["output"].raise_()
    qtbot.waitUntil(lambda: window.docks["output"].panel.isVisible())
    window.docks["output"].panel._ask()
    window.close()
    assert not window.docks["output"].panel._answers._channel.busy


def test_a_button_of_features_begins_a_run_that_sees_them(qtbot, window) -> None:
    open_builtin(qtbot, window, "circle")
    features = window.editor.data.features
    with qtbot.waitSignal(window.session.run_started):
        features.buttons["x1^2"].click()
    problem = window.session.problem
    assert problem.network.input_names == ("x1", "x2", "x1^2")
    assert problem.train.inputs.shape == (240, 3)
    assert not features.hint.isVisible()

    with qtbot.waitSignal(window.session.run_started):
        features.chosen.emit(("x1", "x2", "x1 - x1"))
    assert features.hint.isVisibleTo(window.editor)
    with qtbot.waitSignal(window.session.run_started):
        window.document.undo_stack.undo()
    assert not features.hint.isVisibleTo(window.editor)


def test_samples_are_edited_with_the_mouse_while_the_run_goes_on(qtbot, window) -> None:
    open_builtin(qtbot, window, "xor")
    window.document.edit("", lambda e: edits.set_stop(edits.set_data(e, XOR), "max_epochs", None))
    window.document.edit("", lambda e: edits.set_stop(e, "loss_below", None))
    ready(qtbot, window)
    dock = window.docks["output"]
    dock.raise_()
    qtbot.waitUntil(lambda: dock.panel.plot.isVisible())
    window.session.run()
    wait(qtbot, window, running)
    panel = dock.panel
    qtbot.mouseClick(panel.controls.edit, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(window.session.run_started):
        place = panel.plot.pixel_of(QPointF(0.5, 0.25))
        qtbot.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    snapshot = wait(qtbot, window, running)
    assert len(window.session.problem.train) == 5
    assert snapshot.state is RunState.RUNNING
    qtbot.waitUntil(lambda: window.selection.sample == 4)
    table = window.editor.data.inline.table
    assert table.currentIndex().row() == 4
    table.setCurrentIndex(table.model().index(2, 0))
    assert window.selection.sample == 2
    assert panel.picture.picked_sample == ("train", 2)
    with qtbot.waitSignal(window.session.run_started):
        window.commands["undo"].trigger()
    assert window.document.experiment.data == XOR
    window.session.pause()
    wait(qtbot, window, paused)


def test_the_keys_of_the_window_work_in_that_of_the_samples(qtbot, window) -> None:
    before = window.document.experiment
    inline = window.editor.data.inline
    qtbot.mouseClick(inline.window_button, Qt.MouseButton.LeftButton)
    large = dialog(qtbot, window, "samples")
    qtbot.waitUntil(large.isActiveWindow)
    table = large.samples.table
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    qtbot.keyClick(table, Qt.Key.Key_Insert)
    assert len(window.document.experiment.data.inputs) == 2
    qtbot.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.document.experiment == before
    ready(qtbot, window)


def test_data_are_made_anew_by_a_key(qtbot, window) -> None:
    assert not window.commands["new_data"].isEnabled()
    open_builtin(qtbot, window, "circle")
    old = window.session.problem.train.data_inputs
    with qtbot.waitSignal(window.session.run_started):
        ctrl_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        qtbot.keyClick(window, Qt.Key.Key_D, ctrl_shift)
    new = window.session.problem.train.data_inputs
    assert new.shape == old.shape
    assert not np.array_equal(new, old)
    window.commands["undo"].trigger()
    ready(qtbot, window)
    np.testing.assert_array_equal(window.session.problem.train.data_inputs, old)
