from typing import get_args

import pytest
from pytestqt.qtbot import QtBot

from bpgui.datasets.generators import GENERATORS
from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.faults import FAULTS
from bpgui.engine.losses import LOSSES
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.experiment import edits
from bpgui.experiment.models import Layer, Loss, Training
from bpgui.ui.editors import choices, generators
from bpgui.ui.editors.choice_box import ChoiceBox


@pytest.mark.parametrize(
    ("shown", "there"),
    [
        (choices.ACTIVATIONS, ACTIVATIONS),
        (choices.LOSSES, LOSSES),
        (choices.OPTIMIZERS, OPTIMIZERS),
        (choices.SCHEMES, {"manual", *edits.SCHEMES}),
        (choices.BIASES, get_args(Layer.model_fields["bias"].annotation)),
        (choices.REDUCTIONS, get_args(Loss.model_fields["reduction"].annotation)),
        (choices.FAULTS, {"right", *FAULTS}),
        (choices.PRECISIONS, get_args(Training.model_fields["precision"].annotation)),
    ],
)
def test_all_that_can_be_chosen_is_shown(shown, there) -> None:
    assert set(shown) == set(there)


def test_all_that_is_shown_of_generators_is_marked_for_translation() -> None:
    texts = {t for g in GENERATORS.values() for t in (g.group, g.label, g.noise)}
    assert set(generators.TEXTS) == texts


def test_headings_among_choices_cannot_be_chosen(qtbot: QtBot) -> None:
    box = ChoiceBox(generators.generator_choices())
    qtbot.addWidget(box)
    for i in range(box.count()):
        assert box.model().item(i).isEnabled() == (box.itemData(i) in GENERATORS)
    assert {box.itemData(i) for i in range(box.count())} == {None, *GENERATORS}
