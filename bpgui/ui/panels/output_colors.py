"""Colors and shapes of classes and values on the Output panel."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

from bpgui.engine.network import FloatArray
from bpgui.ui.theme import LIGHT, Theme, diverging_lut, mix

if TYPE_CHECKING:
    from bpgui.views.output_surface import Colors, Palette

LEVELS = 64  # from the background to a class's full color
STEPS = 1024  # from the background to a full color: more than a screen tells apart
STRENGTH = 0.66  # of the full colors on a surface, so that points stand out from it

# The first two are those of negative and positive values, which tell two classes apart as well.
_LIGHT = (
    "#1d67b0",
    "#b25000",
    "#0f766e",
    "#8a3ea8",
    "#8a6d00",
    "#b0306a",
    "#5b6472",
    "#2784a8",
    "#6b4423",
    "#5a7a00",
)
_DARK = (
    "#62aaf0",
    "#f59a3e",
    "#3cc2b0",
    "#c792ea",
    "#e3c84a",
    "#f285b0",
    "#b6bfcb",
    "#8fd3ff",
    "#c9a27e",
    "#b5d35a",
)
SHAPES = ("o", "s", "t1", "d", "p", "h", "star", "+", "x", "t")


def class_color(theme: Theme, kind: int) -> str:
    """For more classes than there are colors they begin anew."""
    colors = _LIGHT if theme.base == LIGHT.base else _DARK
    return colors[kind % len(colors)]


def shape(kind: int) -> str:
    """A class's symbol, which tells it apart without color."""
    return SHAPES[kind % len(SHAPES)]


@lru_cache(maxsize=4)
def palette(theme: Theme) -> Palette:
    from bpgui.views.output_surface import Palette  # with the first surface

    faded = diverging_lut(theme)[:, :3].astype(np.float64)
    faded = rgb(theme.base) + (faded - rgb(theme.base)) * STRENGTH
    levels = np.linspace(0.0, STRENGTH, LEVELS)[:, None]
    kinds = [
        rgb(theme.base) + (rgb(class_color(theme, kind)) - rgb(theme.base)) * levels
        for kind in range(len(_LIGHT))
    ]
    nothing = int(packed(rgb(mix(theme.base, theme.grid, 0.5))[None])[0])
    return Palette(packed(faded), packed(np.array(kinds)), nothing)


def diverging(places: FloatArray, theme: Theme, strength: float = 1.0) -> Colors:
    """Colors of places from -1, negative, over 0, the background, to 1, positive, at a `strength`
    up to 1; what is NaN has the color of an error."""
    good = np.isfinite(places)
    at = np.rint(np.where(good, places, 0.0).clip(-1.0, 1.0) * STEPS).astype(np.intp) + STEPS
    at[~good] = 2 * STEPS + 1
    return _ramp(theme, strength)[at]


@lru_cache(maxsize=16)
def _ramp(theme: Theme, strength: float) -> Colors:
    """From full negative over the background to full positive, and the color of an error."""
    depths = np.linspace(-1.0, 1.0, 2 * STEPS + 1)[:, None]
    full = np.where(depths > 0.0, rgb(theme.positive), rgb(theme.negative))
    full = np.concatenate([full, rgb(theme.error)[None]])
    base, depths = rgb(theme.base), np.append(np.abs(depths), [[1.0]], axis=0)
    return packed(base + (full - base) * (depths * strength))


def rgb(color: str) -> np.ndarray:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)


def image_of(colors: Colors) -> QImage:
    """An image of colors (rows, columns), with its own copy of them."""
    colors = np.ascontiguousarray(colors)
    rows, columns = colors.shape
    form = QImage.Format.Format_RGB32
    return QImage(colors.data, columns, rows, 4 * columns, form).copy()


def packed(colors: np.ndarray) -> Colors:
    """0xffrrggbb of colors (..., 3)."""
    parts = colors.round().astype(np.uint32)
    return (
        np.uint32(0xFF << 24) | parts[..., 0] << 16 | parts[..., 1] << 8 | parts[..., 2]
    ).astype(np.uint32)
