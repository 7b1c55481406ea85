"""What an edit means for a run that is going on."""

from __future__ import annotations

from enum import Enum

from bpgui.experiment.models import Experiment

LIVE_FIELDS = ("l1", "l2", "stop", "frozen")


class Change(Enum):
    """NONE: equal. TEXT: only name, description or lesson. LIVE: the run goes on with other
    settings. RESTART: a new run."""

    NONE = "none"
    TEXT = "text"
    LIVE = "live"
    RESTART = "restart"


def classify(old: Experiment, new: Experiment) -> Change:
    """The least that has to happen for a run of `old` to become one of `new`."""
    if old == new:
        return Change.NONE
    if _without_texts(old) == _without_texts(new):
        return Change.TEXT
    return Change.LIVE if _without_live(old) == _without_live(new) else Change.RESTART


def _without_texts(experiment: Experiment) -> Experiment:
    return experiment.model_copy(update={"name": "", "description": "", "lesson": None})


def _without_live(experiment: Experiment) -> Experiment:
    """The experiment with defaults in place of all that may change while a run goes on."""
    training = experiment.training
    defaults = {field: type(training).model_fields[field].default for field in LIVE_FIELDS}
    optimizer = type(training.optimizer)()
    still = training.model_copy(update={**defaults, "optimizer": optimizer})
    return _without_texts(experiment).model_copy(update={"training": still})
