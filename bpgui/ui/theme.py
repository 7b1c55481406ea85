"""Light and dark: one table of colors for Qt's palette, the style sheet and the plots."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from bpgui.paths import resources
from bpgui.ui.style_sheet import STYLE

SPACING = 8
TINT = 0.45  # the most of a sign's color in the background of a text
TEXT_MARGIN = 4  # pixels beside the number in a field


class Theme(NamedTuple):
    """Colors as "#rrggbb".

    Text reaches a contrast of 4.5:1 on `window`, `base` and `alternate`, lines and outlines 3:1 on
    `base`. `grid` is for what should hardly be seen. Orange and blue stay apart for the common
    color blindnesses; the accent is neither.
    """

    name: str
    window: str
    base: str
    alternate: str
    text: str
    muted: str
    border: str
    accent: str
    accent_text: str
    positive: str
    negative: str
    train: str
    test: str
    grid: str
    warning: str
    error: str


LIGHT = Theme(
    name="light",
    window="#f3f4f6",
    base="#ffffff",
    alternate="#f7f8fa",
    text="#1b2330",
    muted="#5b6472",
    border="#838b98",
    accent="#0f766e",
    accent_text="#ffffff",
    positive="#b25000",
    negative="#1d67b0",
    train="#0f766e",
    test="#4b5563",
    grid="#dfe2e7",
    warning="#7a5c00",
    error="#b3261e",
)

DARK = Theme(
    name="dark",
    window="#1e2229",
    base="#15181d",
    alternate="#1a1e24",
    text="#e5e8ed",
    muted="#9aa4b2",
    border="#69727f",
    accent="#3cc2b0",
    accent_text="#08211e",
    positive="#f59a3e",
    negative="#62aaf0",
    train="#3cc2b0",
    test="#b6bfcb",
    grid="#323842",
    warning="#dcc05c",
    error="#ff8a80",
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def prepare(app: QApplication, theme: Theme) -> None:
    """Fusion in the theme's colors. Quick before there are widgets; the style sheet is so after,
    as Qt applies it anew to each widget that is put into another."""
    if not app.styleSheet():  # with the first one it was set, and setting it again takes a while
        app.setStyle("Fusion")
    app.setPalette(palette(theme))


def finish(app: QApplication, theme: Theme) -> None:
    """What the palette does not say. Plots take their colors through Panel.set_theme."""
    app.setStyleSheet(style_sheet(theme))


def style_sheet(theme: Theme) -> str:
    return STYLE.format(
        **theme._asdict(),
        disabled=disabled_text(theme),
        outline=mix(theme.grid, theme.border, 0.5),
        behind=mix(theme.window, theme.grid, 0.6),
        icons=(resources() / "icons").as_posix(),
    )


def disabled_text(theme: Theme) -> str:
    return mix(theme.muted, theme.window, 0.45)


def mark_wrong(field: QWidget, wrong: bool) -> None:
    """Outline a field in the color of errors, or as the others again."""
    mark(field, "wrong", wrong)


def mark(widget: QWidget, name: str, on: bool) -> None:
    """Set a property that the style sheet has its own look for."""
    if bool(widget.property(name)) != on:
        widget.setProperty(name, on)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def quiet_text(theme: Theme) -> str:
    """Muted text that can be read on the tints of signs, too, up to TINT of their colors."""
    return mix(theme.muted, theme.text, 0.7)


def palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colors = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.base,
        role.AlternateBase: theme.alternate,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: mix(theme.window, theme.base, 0.5),
        role.ButtonText: theme.text,
        role.BrightText: theme.error,
        role.ToolTipBase: theme.base,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.accent_text,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: mix(theme.window, theme.base, 0.6),
        role.Midlight: mix(theme.window, theme.grid, 0.5),
        role.Mid: theme.grid,
        role.Dark: theme.border,
        role.Shadow: mix(theme.text, theme.window, 0.3),
    }
    result = QPalette()
    for color_role, color in colors.items():
        result.setColor(color_role, QColor(color))
    for color_role in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        result.setColor(QPalette.ColorGroup.Disabled, color_role, QColor(disabled_text(theme)))
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(theme.grid))
    return result


def system_theme() -> Theme:
    """What the desktop asks for; light where it does not say."""
    dark = QApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def tabular_font() -> QFont:
    """The system font with figures of equal width, so that changing digits stay in place."""
    font = QFont(QApplication.font()) if QApplication.instance() else QFont()
    if hasattr(font, "setFeature"):
        font.setFeature(QFont.Tag("tnum"), 1)
        return font
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)


@lru_cache(maxsize=1024)
def mix(first: str, second: str, share: float) -> str:
    """`share` of the second color in the first."""
    blend = _rgb(first) * (1 - share) + _rgb(second) * share
    return "#{:02x}{:02x}{:02x}".format(*blend.round().astype(int))


def diverging_lut(theme: Theme) -> NDArray[np.uint8]:
    """RGBA colors (256, 4) from negative over the background, which is zero, to positive."""
    place = np.linspace(-1.0, 1.0, 256)[:, None]
    ends = np.where(place < 0, _rgb(theme.negative), _rgb(theme.positive))
    colors = _rgb(theme.base) * (1 - abs(place)) + ends * abs(place)
    return np.hstack([colors.round(), np.full((256, 1), 255)]).astype(np.uint8)


def contrast(first: str, second: str) -> float:
    """WCAG's contrast ratio, from 1 to 21."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    share = _rgb(color) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _rgb(color: str) -> NDArray[np.float64]:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)
