"""The texts of the network picture in the user's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bpgui.ui.panels.network_captions import Captions
from bpgui.ui.panels.network_readout import ReadoutWords

translate = QCoreApplication.translate


def captions() -> Captions:
    return Captions(
        inputs=translate("NetworkPanel", "Inputs"),
        features=translate("NetworkPanel", "Features"),
        layer=translate("NetworkPanel", "Layer {number}"),
        output=translate("NetworkPanel", "Layer {number}, output"),
        more=translate("NetworkPanel", "and {count} more"),
        more_layers=translate("NetworkPanel", "and {count} more layers"),
        target=translate("NetworkPanel", "target {value}"),
        numbered=translate("NetworkPanel", "class {name}"),
        positive=translate("NetworkPanel", "positive"),
        negative=translate("NetworkPanel", "negative"),
        stronger=translate("NetworkPanel", "thicker: larger"),
        frozen=translate("NetworkPanel", "frozen"),
        bias=translate("NetworkPanel", "bias"),
    )


def readout_words(locked: bool) -> ReadoutWords:
    """Without what a lesson that locks the values leaves no use for."""
    free = translate(
        "NetworkPanel", "Click chooses, Enter or double-click edits, F freezes, arrows move."
    )
    return ReadoutWords(
        hint=translate("NetworkPanel", "Point at a unit or an edge to read its numbers."),
        more_hint=translate("NetworkPanel", "Click chooses, arrows move.") if locked else free,
        fixed=translate("NetworkPanel", "fixed"),
        frozen=translate("NetworkPanel", "frozen"),
        gradient=translate("NetworkPanel", "gradient, last iteration"),
        sample=translate("NetworkPanel", "sample {number}, now"),
        pause=translate(
            "NetworkPanel", "The numbers of one sample are shown while the run is paused."
        ),
    )
