"""The run as a file, with its parameters over time, which are found by doing its iterations once
more."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.descent import advance, initial_state
from bpgui.engine.problem import optimizer_settings
from bpgui.exporting import run_record

RUN = "The run…"


def archive(path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as data:
        return dict(data)


def test_the_file_holds_what_the_window_showed_and_the_parameters_over_time(
    window, tmp_path, train, choose, rows
):
    train(window, 60)
    problem, snapshot = window.session.problem, window.session.snapshot
    assert choose(window, RUN, tmp_path / "run.npz") == f"“run.npz” is saved in {tmp_path}."
    assert choose(window, RUN, tmp_path / "run.csv") == f"“run.csv” is saved in {tmp_path}."

    found = archive(tmp_path / "run.npz")
    assert found["train_loss"][-1] == snapshot.evaluation.loss
    assert found["test_loss"][-1] == snapshot.evaluation.test_loss
    assert np.array_equal(found["batch_loss_high"], snapshot.losses.high)
    assert np.array_equal(found["gradient_rows"], snapshot.gradients.rows)
    assert found["course_iteration"].tolist() == list(range(61))
    assert np.array_equal(found["course"][60], snapshot.parameters)
    earlier, _ = advance(problem, initial_state(problem), 17)
    assert np.array_equal(found["course"][17], earlier.parameters)

    table = rows(tmp_path / "run.csv")
    assert [int(row["iteration"]) for row in table] == list(range(61))
    names = [problem.network.parameter(index).name for index in range(problem.network.size)]
    assert [[float(row[name]) for name in names] for row in table] == found["course"].tolist()
    slopes = [[float(row[f"dL/d{name}"]) for name in names] for row in table[:60]]
    assert slopes == snapshot.gradients.rows.tolist()
    assert float(table[60]["train_loss"]) == snapshot.evaluation.loss


def test_a_run_that_was_changed_by_hand_is_followed_through_the_changes(
    qtbot, window, tmp_path, train, choose
):
    session = window.session
    train(window, 10)
    session.set_parameter(0, 0.5)
    faster = optimizer_settings(session.problem.settings.optimizer.name, learning_rate=0.3)
    session.change_settings(replace(session.problem.settings, optimizer=faster))
    train(window, 10)
    assert session.snapshot.altered_at == 10

    assert choose(window, RUN, tmp_path / "run.npz") == f"“run.npz” is saved in {tmp_path}."
    found = archive(tmp_path / "run.npz")
    assert found["course"][10, 0] == 0.5
    assert found["course"][9, 0] != 0.5
    assert np.array_equal(found["course"][20], session.snapshot.parameters)


def test_what_cannot_be_repeated_is_told_and_left_out(window, tmp_path, train, choose):
    train(window, 5)
    window.session.problem = replace(
        window.session.problem, initial=window.session.problem.initial + 1e-12
    )
    told = choose(window, RUN, tmp_path / "run.npz")
    assert told.endswith(
        "It tells no parameters over time: doing the iterations once more led to others."
    )
    found = archive(tmp_path / "run.npz")
    assert "course" not in found
    assert np.array_equal(found["parameter"], window.session.snapshot.parameters)


def test_a_table_of_too_many_columns_is_told(window, tmp_path, train, choose, monkeypatch):
    monkeypatch.setattr("bpgui.exporting.kinds.MOST_COLUMNS", 5)
    monkeypatch.setattr(run_record, "MOST_COLUMNS", 5)
    train(window, 5)
    told = choose(window, RUN, tmp_path / "run.csv")
    assert "It leaves out gradients and parameters, which are more than 2,000;" in told
    head = (tmp_path / "run.csv").read_text("utf-8").partition("\n")[0]
    assert head.endswith("gradient_norm_1,gradient_norm_2")


@pytest.fixture
def slow(qtbot, window_of, train, begin):
    """A window in which a run of some length is being exported, which the notice bar tells."""

    def slow(path):
        window = window_of("digits-hidden")
        window.exporting.writer._patience.setInterval(0)
        train(window, 2500)
        begin(window, RUN, path)
        writer, notice = window.exporting.writer, window.notice
        qtbot.waitUntil(lambda: notice.isVisible() and notice.progress.isVisible())
        assert notice.text.text().startswith("Doing the iterations once more")
        assert (writer.busy, notice.button.text()) == (True, "Cancel")
        return window

    return slow


def test_cancel_writes_nothing_and_offers_the_rest(slow, qtbot, tmp_path, told):
    path = tmp_path / "run.npz"
    path.write_bytes(b"an older file")
    window = slow(path)
    window.notice.button.click()

    assert told(window) == "“run.npz” is not written."
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["run.npz"]
    assert path.read_bytes() == b"an older file"

    assert window.notice.button.text() == "Save without parameters over time"
    window.notice.button.click()
    assert told(window) == f"“run.npz” is saved in {tmp_path}."
    found = archive(path)
    assert "course" not in found
    assert found["train_loss"][-1] == window.session.snapshot.evaluation.loss


def test_a_window_that_closes_writes_what_takes_no_time(slow, tmp_path):
    window = slow(tmp_path / "run.npz")
    window.close()
    found = archive(tmp_path / "run.npz")
    assert "course" not in found
    assert np.array_equal(found["parameter"], window.session.snapshot.parameters)


@pytest.mark.parametrize("small_disk", [16], indirect=True)
def test_a_full_disk_keeps_the_older_file(window, train, choose, small_disk):
    train(window, 300)
    path = small_disk / "run.npz"
    path.write_bytes(b"an older file")

    told = choose(window, RUN, path)
    assert told == f"{path}: cannot be written: no space left on device"
    assert path.read_bytes() == b"an older file"
    assert list(small_disk.iterdir()) == [path]
    assert shutil.disk_usage(small_disk).free > 0
