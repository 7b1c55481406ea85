"""The words of the Explain panel: its steps, and the notes beside formulas."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bpgui.ui.translation import QT_TRANSLATE_NOOP
from bpgui.views.walkthrough import Step, StepKind

STEPS: dict[StepKind, str] = {
    "input": QT_TRANSLATE_NOOP("ExplainWords", "Input"),
    "z": QT_TRANSLATE_NOOP("ExplainWords", "→ Layer {layer}: z"),
    "a": QT_TRANSLATE_NOOP("ExplainWords", "→ Layer {layer}: a"),
    "loss": QT_TRANSLATE_NOOP("ExplainWords", "Loss"),
    "delta": QT_TRANSLATE_NOOP("ExplainWords", "← Layer {layer}: δ"),
    "w_gradient": QT_TRANSLATE_NOOP("ExplainWords", "← Layer {layer}: ∂L/∂w"),
    "b_gradient": QT_TRANSLATE_NOOP("ExplainWords", "← Layer {layer}: ∂L/∂b"),
    "input_gradient": QT_TRANSLATE_NOOP("ExplainWords", "← Input: ∂L/∂x"),
    "update": QT_TRANSLATE_NOOP("ExplainWords", "Update of layer {layer}"),
}

# The texts of bpgui.views.wording.NOTES, for translation; a test holds them equal.
NOTES = (
    QT_TRANSLATE_NOOP("ExplainWords", "given by the sample"),
    QT_TRANSLATE_NOOP("ExplainWords", "{name}, with {inputs}"),
    QT_TRANSLATE_NOOP("ExplainWords", "{name}, the same for every sample"),
    QT_TRANSLATE_NOOP("ExplainWords", "because {name} > 0"),
    QT_TRANSLATE_NOOP("ExplainWords", "because {name} ≤ 0"),
    QT_TRANSLATE_NOOP("ExplainWords", "computed from z, because an output is rounded to 0 or 1"),
    QT_TRANSLATE_NOOP(
        "ExplainWords",
        "this activation and this loss belong together: their derivatives cancel",
    ),
    QT_TRANSLATE_NOOP("ExplainWords", "the same by the chain rule, written out"),
    QT_TRANSLATE_NOOP("ExplainWords", "the unit itself"),
    QT_TRANSLATE_NOOP("ExplainWords", "another unit: softmax ties all units together"),
    QT_TRANSLATE_NOOP("ExplainWords", "the loss with the penalties on the weights"),
    QT_TRANSLATE_NOOP("ExplainWords", "… {count} more samples …"),
    QT_TRANSLATE_NOOP("ExplainWords", "frozen: the parameter keeps its value"),
    QT_TRANSLATE_NOOP("ExplainWords", "a fixed bias keeps its value"),
    QT_TRANSLATE_NOOP("ExplainWords", "with the penalties, which is what the optimizer gets"),
)


def step_text(step: Step) -> str:
    return QCoreApplication.translate("ExplainWords", STEPS[step.kind]).format(layer=step.layer)


def note_text(text: str) -> str:
    """A note of views.wording in the window's language."""
    return QCoreApplication.translate("ExplainWords", text)
