"""Cutting numbers at their decimal point."""

from __future__ import annotations

import pytest

from bpgui.views.numbers import format_number
from bpgui.views.parameter_cell import parts_of


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        (0.15, ("0", ".15", "")),
        (-12.0, ("-12", "", "")),
        (1e-5, ("1", "", "e-5")),
        (-3.510187782978859e-05, ("-3", ".510187782978859", "e-5")),
        (float("nan"), ("nan", "", "")),
    ],
)
def test_parts(value, parts):
    assert parts_of(format_number(value)) == parts
