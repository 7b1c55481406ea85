"""The generators of data as choices, in the user's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bpgui.datasets.generators import GENERATORS
from bpgui.ui.editors.choice_box import Choice
from bpgui.ui.editors.wording import QT_TRANSLATE_NOOP, sentence

# The data sets know nothing of Qt, so what is shown of them is marked for translation here.
TEXTS = (
    QT_TRANSLATE_NOOP("Generators", "Logic"),
    QT_TRANSLATE_NOOP("Generators", "AND"),
    QT_TRANSLATE_NOOP("Generators", "standard deviation of what is added to each input"),
    QT_TRANSLATE_NOOP("Generators", "OR"),
    QT_TRANSLATE_NOOP("Generators", "XOR"),
    QT_TRANSLATE_NOOP("Generators", "Two classes"),
    QT_TRANSLATE_NOOP("Generators", "Circle"),
    QT_TRANSLATE_NOOP(
        "Generators",
        "how far a point may seem moved, as a share of the radius, when its target is told",
    ),
    QT_TRANSLATE_NOOP("Generators", "Gaussian blobs"),
    QT_TRANSLATE_NOOP("Generators", "the variance of each blob is 0.5 + 7 times the noise"),
    QT_TRANSLATE_NOOP("Generators", "XOR quadrants"),
    QT_TRANSLATE_NOOP("Generators", "Spiral"),
    QT_TRANSLATE_NOOP("Generators", "how far a point may be moved along each axis"),
    QT_TRANSLATE_NOOP("Generators", "Moons"),
    QT_TRANSLATE_NOOP("Generators", "Several classes"),
    QT_TRANSLATE_NOOP("Generators", "Random classes"),
    QT_TRANSLATE_NOOP("Generators", "Regression"),
    QT_TRANSLATE_NOOP("Generators", "Sine"),
    QT_TRANSLATE_NOOP("Generators", "standard deviation of what is added to the target"),
    QT_TRANSLATE_NOOP("Generators", "Plane"),
    QT_TRANSLATE_NOOP("Generators", "Six hills"),
)


def generator_choices() -> list[Choice]:
    """All generators, each group under its heading."""
    result: list[Choice] = []
    for group in dict.fromkeys(generator.group for generator in GENERATORS.values()):
        result.append(Choice(None, _translated(group)))
        result += [
            Choice(name, _translated(generator.label))
            for name, generator in GENERATORS.items()
            if generator.group == group
        ]
    return result


def noise_help(name: str) -> str:
    """What the noise of a generator means, as a sentence."""
    return sentence(_translated(GENERATORS[name].noise)) + "."


def _translated(text: str) -> str:
    return QCoreApplication.translate("Generators", text)
