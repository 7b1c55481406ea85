"""Which features stay where the columns that they are made of are chosen anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bpgui.experiment import sources
from bpgui.experiment.features import raw_names

INPUT = re.compile(r"\bx[1-9][0-9]{0,8}\b")


class Kept(NamedTuple):
    """The features from now on, and those that are `lost`, as they were written."""

    features: sources.Features
    lost: tuple[str, ...] = ()


def kept(features: sources.Features, before: Sequence[str], after: Sequence[str]) -> Kept:
    """The features of inputs named `before` once the inputs are those named `after`.

    x1, x2, ... go with their names to the new places; what needs an input that is gone is lost, and
    a new input is seen as it is.
    """
    if features is None:
        return Kept(None)
    places = dict(zip(after, raw_names(len(after)), strict=True))
    names = {
        old: places[name]
        for old, name in zip(raw_names(len(before)), before, strict=True)
        if name in places
    }
    lost = tuple(each for each in features if not names.keys() >= set(INPUT.findall(each)))
    stay = (INPUT.sub(lambda x: names[x[0]], each) for each in features if each not in lost)
    found = (*stay, *(place for name, place in places.items() if name not in before))
    return Kept(None if found in ((), raw_names(len(after))) else found, lost)
