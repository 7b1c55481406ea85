"""Why backpropagation, with real networks."""

from __future__ import annotations

import pytest

from bpgui.training.worker import Worker
from bpgui.ui.panels.why_panel import WhyPanel
from bpgui.ui.theme import DARK, LIGHT
from bpgui.views.why import WAYS


@pytest.fixture
def panel(show):
    return show(WhyPanel(), 760, 420)


def column(labels) -> list[str]:
    return [labels[way].text() for way in WAYS]


def test_formulas_and_counts_are_the_same(panel, mazur):
    mazur.show_on(panel)
    assert column(panel.formulas) == ["48", "136", "24"]
    assert column(panel.counted) == ["48", "136", "24"]
    assert column(panel.ratios) == ["2", "5.7", "1"]
    assert panel.note.text() == "Multiplications for one sample in 2-2-2; the dots mark it."
    assert panel.depth_plot.growth.here == 2.0
    assert panel.breadth_plot.growth.here == 2.0


def test_a_large_network_says_that_it_is_not_counted(panel, trainer):
    trainer("digits-one-layer").show_on(panel)
    assert column(panel.formulas) == ["1,930", "832,650", "1,290"]
    assert column(panel.counted) == ["–", "–", "–"]
    assert panel.note.text().endswith("would take too long in a network of this size.")
    assert panel.breadth_plot.growth is None


def test_the_worker_counts(qtbot, mazur):
    worker = Worker()
    panel = WhyPanel(worker)
    qtbot.addWidget(panel)
    mazur.show_on(panel)
    qtbot.waitUntil(lambda: column(panel.counted) == ["48", "136", "24"])
    worker.close()


def test_a_worker_that_has_ended_is_told(qtbot, mazur):
    worker = Worker()
    panel = WhyPanel(worker)
    qtbot.addWidget(panel)
    panel.set_problem(mazur.problem)
    future = worker.submit(int)
    worker.close()
    assert future.cancelled() or future.exception(20) is not None
    panel._counting = future
    panel._poll()
    assert "the worker process has ended" in panel.note.text()


def test_the_same_network_is_counted_once(panel, mazur, trainer):
    mazur.show_on(panel)
    panel.set_problem(mazur.problem)
    assert column(panel.counted) == ["48", "136", "24"]
    panel.set_problem(trainer("xor-numpy").problem)
    assert column(panel.counted) == ["", "", ""]


def test_before_any_experiment(panel):
    assert column(panel.formulas) == ["", "", ""]
    assert panel.depth_plot.growth is None
    assert not panel.breadth_plot.isVisible()


def test_both_themes_are_drawn(panel, mazur):
    mazur.show_on(panel)
    panel.set_theme(LIGHT)
    light = panel.grab().toImage()
    panel.set_theme(DARK)
    assert panel.grab().toImage() != light
