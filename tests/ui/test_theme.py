"""Both palettes: contrast, and colors that stay apart for every eye."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from bpgui.ui import theme
from bpgui.ui.icons import application_icon, icon
from bpgui.ui.theme import DARK, LIGHT, THEMES, Theme, contrast

BACKGROUNDS = ("window", "base", "alternate")
TEXTS = ("text", "muted", "accent", "positive", "negative", "warning", "error", "train", "test")

# Linear RGB as dichromats see it: Viénot, Brettel and Mollon (1999), Brettel et al. (1997).
BLINDNESS = {
    "protanopia": [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]],
    "deuteranopia": [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
    "tritanopia": [[1.0, 0.1461, -0.1461], [0.0, 0.8593, 0.1407], [0.0, 0.8593, 0.1407]],
}


@pytest.fixture(params=THEMES.values(), ids=THEMES)
def colors(request) -> Theme:
    return request.param


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)
    assert contrast("#123456", "#123456") == 1.0


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("background", BACKGROUNDS)
def test_text_can_be_read_on_every_background(colors, name, background) -> None:
    assert contrast(getattr(colors, name), getattr(colors, background)) >= 4.5


def test_what_is_muted_can_be_read_on_tints(colors) -> None:
    quiet = theme.quiet_text(colors)
    for sign in (colors.positive, colors.negative, colors.error):
        assert contrast(quiet, theme.mix(colors.base, sign, theme.TINT)) >= 4.5


def test_hints_in_fields_can_be_read(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.ensurePolished()
    hint = field.palette().color(QPalette.ColorRole.PlaceholderText)
    assert (hint.name(), hint.alpha()) == (LIGHT.muted, 255)


def test_pictures_of_the_style_sheet_are_there(colors) -> None:
    pictures = re.findall(r"url\((.+?)\)", theme.style_sheet(colors))
    assert len(pictures) > 8
    assert not [picture for picture in pictures if not Path(picture).is_file()]


def test_outlines_and_selected_text_can_be_seen(colors) -> None:
    assert contrast(colors.border, colors.base) >= 3
    assert contrast(colors.border, colors.window) >= 3
    assert contrast(colors.accent_text, colors.accent) >= 4.5


def rgb(color: str) -> np.ndarray:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def seen(color: str, matrix: list[list[float]]) -> np.ndarray:
    return np.clip(np.array(matrix) @ rgb(color) ** 2.2, 0, 1) ** (1 / 2.2)


def apart(colors: Theme, first: str, second: str, kind: str) -> float:
    eye = BLINDNESS[kind]
    return np.linalg.norm(seen(getattr(colors, first), eye) - seen(getattr(colors, second), eye))


@pytest.mark.parametrize("kind", BLINDNESS)
def test_signs_differ_for_the_color_blind(colors, kind) -> None:
    assert apart(colors, "positive", "negative", kind) > 0.3


@pytest.mark.parametrize("kind", ["protanopia", "deuteranopia"])
@pytest.mark.parametrize("sign", ["positive", "negative"])
def test_the_accent_is_neither_sign_for_the_common_color_blindnesses(colors, kind, sign) -> None:
    assert apart(colors, sign, "accent", kind) > 0.15


def test_the_diverging_colors_meet_at_the_background(colors) -> None:
    lut = theme.diverging_lut(colors)
    assert lut.shape == (256, 4)
    assert lut.dtype == np.uint8
    np.testing.assert_array_equal(lut[0, :3], (rgb(colors.negative) * 255).round())
    np.testing.assert_array_equal(lut[-1, :3], (rgb(colors.positive) * 255).round())
    assert abs(lut[127:129, :3] - (rgb(colors.base) * 255)).max() <= 1
    assert set(lut[:, 3]) == {255}


def test_figures_have_one_width(qtbot: QtBot) -> None:
    metrics = QFontMetricsF(theme.tabular_font())
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_applying_changes_palette_and_style(qapp: QApplication) -> None:
    theme.prepare(qapp, DARK)
    theme.finish(qapp, DARK)
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.window
    theme.prepare(qapp, LIGHT)
    theme.finish(qapp, LIGHT)
    assert qapp.palette().color(QPalette.ColorRole.Base).name() == LIGHT.base
    assert LIGHT.accent in qapp.styleSheet()


def test_icons_take_the_theme_s_color(qtbot: QtBot, colors) -> None:
    drawn = icon("pause", colors).pixmap(24, 24).toImage()
    assert drawn.pixelColor(8, 12).name() == colors.text
    assert icon("run", colors, colors.accent).pixmap(24, 24).toImage().pixelColor(
        11, 12
    ).name() == (colors.accent)
    assert not application_icon().isNull()
