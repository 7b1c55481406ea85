"""What a run can be exported as, in the words of File > Export."""

from __future__ import annotations

from typing import NamedTuple

from bpgui.ui.translation import QT_TRANSLATE_NOOP


class Form(NamedTuple):
    """What a run can be exported as: a row of `bpgui.exporting.kinds`. `stem` ends the file's
    name; `files` names the suffixes, the first by default."""

    kind: str
    text: str
    stem: str
    files: tuple[tuple[str, str], ...]


FORMS = (
    Form(
        "numpy",
        QT_TRANSLATE_NOOP("Exporting", "As a &NumPy script…"),
        "-numpy",
        ((".py", QT_TRANSLATE_NOOP("Exporting", "Python scripts")),),
    ),
    Form(
        "pytorch",
        QT_TRANSLATE_NOOP("Exporting", "As a &PyTorch script…"),
        "-pytorch",
        ((".py", QT_TRANSLATE_NOOP("Exporting", "Python scripts")),),
    ),
    Form(
        "preset",
        QT_TRANSLATE_NOOP("Exporting", "As a preset with &trained weights…"),
        "-trained",
        ((".bpgui", QT_TRANSLATE_NOOP("Exporting", "bpgui presets")),),
    ),
    Form(
        "run",
        QT_TRANSLATE_NOOP("Exporting", "The &run…"),
        "-run",
        (
            (".npz", QT_TRANSLATE_NOOP("Exporting", "NumPy archives")),
            (".csv", QT_TRANSLATE_NOOP("Exporting", "Tables")),
        ),
    ),
    Form(
        "parameters",
        QT_TRANSLATE_NOOP("Exporting", "The p&arameters…"),
        "-parameters",
        ((".csv", QT_TRANSLATE_NOOP("Exporting", "Tables")),),
    ),
)
