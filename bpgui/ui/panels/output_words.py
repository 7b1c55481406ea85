"""The texts of the Output panel in the user's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from bpgui.views.output_space import Held, OutputView

translate = QCoreApplication.translate


@dataclass(frozen=True)
class OutputWords:
    """Names, and what a tooltip teaches about what they name."""

    views: Mapping[OutputView, tuple[str, str]]
    held: Mapping[Held, str]
    output: str
    output_tip: str
    winner: str
    all_outputs: str
    part: str
    part_tip: str
    train_data: str
    test_data: str
    steps: str
    steps_tip: str
    test: str
    test_tip: str
    edit: str
    edit_tip: str
    locked: str
    across: str
    across_tip: str
    up: str
    up_tip: str
    others: str
    others_tip: str
    held_input: str
    held_input_tip: str
    held_value: str
    held_value_tip: str
    key_tip: str


def output_words() -> OutputWords:
    return OutputWords(
        views={
            "surface": (
                translate("OutputPanel", "Surface"),
                translate(
                    "OutputPanel",
                    "What the network computes for every point of a plane of two inputs. The line "
                    "is where its decision changes.",
                ),
            ),
            "curve": (
                translate("OutputPanel", "Curve"),
                translate(
                    "OutputPanel", "What the network computes for every value of its one input."
                ),
            ),
            "confusion": (
                translate("OutputPanel", "Confusion"),
                translate(
                    "OutputPanel",
                    "How many samples of each class the network takes for each class. What it gets "
                    "right stands on the diagonal.",
                ),
            ),
            "fit": (
                translate("OutputPanel", "Predicted vs. true"),
                translate(
                    "OutputPanel",
                    "The network's output for each sample over its target. A perfect network has "
                    "all points on the dashed line.",
                ),
            ),
        },
        held={
            "mean": translate("OutputPanel", "others: mean"),
            "sample": translate("OutputPanel", "others: sample"),
            "zero": translate("OutputPanel", "others: 0"),
        },
        output=translate("OutputPanel", "Output"),
        output_tip=translate("OutputPanel", "Which output of the network is shown."),
        winner=translate("OutputPanel", "Class"),
        all_outputs=translate("OutputPanel", "All outputs"),
        part=translate("OutputPanel", "Data"),
        part_tip=translate(
            "OutputPanel",
            "Test samples are kept from training: they tell how well the network does on what it "
            "has not seen.",
        ),
        train_data=translate("OutputPanel", "Training data"),
        test_data=translate("OutputPanel", "Test data"),
        steps=translate("OutputPanel", "Discretize"),
        steps_tip=translate(
            "OutputPanel",
            "Show what is decided instead of how sure the network is; values in a few steps, whose "
            "edges are lines of equal height.",
        ),
        test=translate("OutputPanel", "Test"),
        test_tip=translate(
            "OutputPanel",
            "Show the samples that are kept from training: hollow, or square where the color is "
            "their target.",
        ),
        edit=translate("OutputPanel", "Edit"),
        edit_tip=translate(
            "OutputPanel",
            "Change the data with the mouse: a click adds a sample, a drag moves one, the right "
            "button removes one, and a click with Shift gives it the class or target of new "
            "samples. Keys for the chosen sample: arrows with Shift or Alt move it in large or "
            "small steps, Delete removes it, Enter gives it the class that a number key chooses, "
            "and Insert adds one. The run begins anew with the changed data.",
        ),
        locked=translate("OutputPanel", "Locked by this lesson"),
        across=translate("OutputPanel", "Across"),
        across_tip=translate("OutputPanel", "The input along the horizontal axis."),
        up=translate("OutputPanel", "Up"),
        up_tip=translate("OutputPanel", "The input along the vertical axis."),
        others=translate("OutputPanel", "The other inputs"),
        others_tip=translate(
            "OutputPanel",
            "A plane has two axes. All other inputs are held: at their means over the training "
            "data, at the values of the chosen sample, or at 0.",
        ),
        held_input=translate("OutputPanel", "Held input"),
        held_input_tip=translate("OutputPanel", "Whose value is told beside, and can be chosen."),
        held_value=translate("OutputPanel", "Held value"),
        held_value_tip=translate(
            "OutputPanel",
            "The value at which this input is held. Type another one and press Enter; what all "
            "inputs are held at by default is chosen before it.",
        ),
        key_tip=translate(
            "OutputPanel",
            "Orange is above and blue below the value in the color of the background, which for a "
            "decision is its threshold. Classes differ in color and shape; test samples are "
            "hollow.",
        ),
    )


@dataclass(frozen=True)
class Phrases:
    """What the panel says in its notes and its readout."""

    iteration: str
    iterations: str
    before: str
    thinned: str
    held: Mapping[Held, str]
    others: str
    others_counted: str
    held_apart: str
    numbered: str
    accuracy: str
    fit: str
    fit_alone: str
    not_finite: str
    outside: str
    failed: str
    diverged: str
    open: str
    train_sample: str
    test_sample: str
    target: str
    loss: str
    class_: str
    keys: str
    cell: str
    cell_share: str
    cell_hint: str


def phrases() -> Phrases:
    return Phrases(
        iteration=translate("OutputPanel", "After 1 iteration"),
        iterations=translate("OutputPanel", "After {count} iterations"),
        before=translate("OutputPanel", "Before training"),
        thinned=translate("OutputPanel", "{shown} of {total} points shown"),
        held={
            "mean": translate("OutputPanel", "{others} held at their mean"),
            "sample": translate("OutputPanel", "{others} held at those of sample {sample}"),
            "zero": translate("OutputPanel", "{others} held at 0"),
        },
        others=translate("OutputPanel", "other inputs"),
        others_counted=translate("OutputPanel", "{count} others"),
        held_apart=translate("OutputPanel", "{name} at {value}"),
        numbered=translate("OutputPanel", "class {name}"),
        accuracy=translate("OutputPanel", "{right} of {total} right, accuracy {accuracy}"),
        fit=translate("OutputPanel", "root mean squared error {error}, R² {explained}"),
        fit_alone=translate("OutputPanel", "root mean squared error {error}"),
        not_finite=translate("OutputPanel", "some outputs are not finite numbers"),
        outside=translate("OutputPanel", "some values lie beyond the axes: turn the wheel"),
        failed=translate("OutputPanel", "The output could not be computed: {reason}"),
        diverged=translate(
            "OutputPanel",
            "The parameters are no longer finite numbers, so there is no output to show.\n"
            "Reset, and try a smaller learning rate.",
        ),
        open=translate("OutputPanel", "Open an experiment to see what its network computes."),
        train_sample=translate("OutputPanel", "training sample {number}"),
        test_sample=translate("OutputPanel", "test sample {number}"),
        target=translate("OutputPanel", "target"),
        loss=translate("OutputPanel", "loss"),
        class_=translate("OutputPanel", "class"),
        keys=translate(
            "OutputPanel", "A click chooses a sample, arrow keys and N, P move to others."
        ),
        cell=translate("OutputPanel", "true {true}, taken for {predicted}"),
        cell_share=translate("OutputPanel", "of all {true}"),
        cell_hint=translate("OutputPanel", "A click or Enter chooses a sample of a cell."),
    )
