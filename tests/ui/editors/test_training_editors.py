from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpgui.ui.document import Document
from bpgui.ui.editors.experiment_editor import ExperimentEditor


def test_the_learning_rate_in_decade_steps_is_one_step_of_undo(
    editor: ExperimentEditor, document: Document, qtbot: QtBot
) -> None:
    box = editor.optimizer.learning_rate
    box.setFocus()
    for _ in range(3):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert document.experiment.training.optimizer.learning_rate == 0.03
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "set learning rate"
    document.undo_stack.undo()
    assert box.text() == "0.5"


def test_a_learning_rate_of_zero_is_refused_at_its_field(
    editor: ExperimentEditor, document: Document, enter
) -> None:
    enter(editor.optimizer.learning_rate, "0")
    message = editor.optimizer.fields["training.optimizer.learning_rate"].message
    assert message.isVisible()
    assert document.experiment.training.optimizer.learning_rate == 0.5
    document.edit("set l2", lambda e: e.model_copy(update={"name": "other"}))
    assert not message.isVisible()
    assert editor.optimizer.learning_rate.text() == "0.5"


def test_an_optimizer_brings_its_own_fields(
    editor: ExperimentEditor, document: Document, choose, enter
) -> None:
    optimizer = editor.optimizer
    assert not optimizer.numbers["momentum"].isVisible()
    choose(optimizer.optimizer, "adam")
    enter(optimizer.numbers["beta2"], "0.99")
    enter(optimizer.numbers["eps"], "1e-6")
    chosen = document.experiment.training.optimizer
    assert (chosen.name, chosen.learning_rate, chosen.beta2, chosen.eps) == (
        "adam",
        0.5,
        0.99,
        1e-6,
    )
    assert optimizer.numbers["beta1"].isVisible()


def test_penalties(editor: ExperimentEditor, document: Document, enter) -> None:
    enter(editor.regularization.numbers["l1"], "0.001")
    enter(editor.regularization.numbers["l2"], "1/100")
    training = document.experiment.training
    assert (training.l1, training.l2) == (0.001, 0.01)
    enter(editor.regularization.numbers["l2"], "-1")
    assert editor.regularization.fields["training.l2"].message.isVisible()


def test_batches(editor: ExperimentEditor, document: Document, enter, qtbot: QtBot, choose) -> None:
    batch = editor.batch
    assert batch.full.isChecked()
    assert not batch.batch_size.isEnabled()
    batch.full.setFocus()
    qtbot.keyClick(batch.full, Qt.Key.Key_Space)
    assert document.experiment.training.batch_size == 10
    enter(batch.batch_size, "1")
    qtbot.keyClick(batch.shuffle, Qt.Key.Key_Space)
    enter(batch.seed, "7")
    choose(batch.precision, "float32")
    training = document.experiment.training
    assert (training.batch_size, training.shuffle, training.seed, training.precision) == (
        1,
        True,
        7,
        "float32",
    )
    qtbot.keyClick(batch.full, Qt.Key.Key_Space)
    assert document.experiment.training.batch_size is None


def test_stop_rules_keep_their_numbers_while_off(
    editor: ExperimentEditor, document: Document, enter, qtbot: QtBot
) -> None:
    stop = editor.stop
    enter(stop.numbers["max_epochs"], "250")
    qtbot.keyClick(stop.checks["max_epochs"], Qt.Key.Key_Space)
    assert document.experiment.training.stop.max_epochs is None
    qtbot.keyClick(stop.checks["max_epochs"], Qt.Key.Key_Space)
    assert document.experiment.training.stop.max_epochs == 250
    qtbot.keyClick(stop.checks["loss_below"], Qt.Key.Key_Space)
    enter(stop.numbers["loss_below"], "1e-5")
    assert document.experiment.training.stop.loss_below == 1e-5


def test_a_loss_brings_the_output_it_needs(
    editor: ExperimentEditor, document: Document, choose
) -> None:
    choose(editor.loss.loss, "cross_entropy")
    choose(editor.loss.reduction, "sum")
    loss = document.experiment.loss
    assert (loss.name, loss.reduction) == ("cross_entropy", "sum")
    output = document.experiment.network.layers[-1].activation
    assert editor.network.rows[1].activation.value == output
