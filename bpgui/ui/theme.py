"""Light and dark: one table of colors for Qt's palette, the style sheet and the plots."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from bpgui.paths import resources

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

_STYLE = """
QToolTip {{ color: {text}; background: {base}; border: 1px solid {border}; padding: 4px 6px; }}
QMainWindow::separator {{ background: {window}; width: 6px; height: 6px; }}
QMainWindow::separator:hover {{ background: {grid}; }}
QDockWidget {{ color: {muted}; font-weight: 600; }}
QDockWidget::title {{ background: {window}; padding: 6px 8px; border: none; text-align: left; }}
QToolBar {{ background: {window}; border: none; border-bottom: 1px solid {grid}; padding: 4px 8px;
    spacing: 4px; }}
QToolBar::separator {{ background: {grid}; width: 1px; margin: 4px 8px; }}
QToolButton {{ padding: 4px 8px; border: 1px solid transparent; border-radius: 4px; }}
QToolButton:hover {{ background: {grid}; }}
QToolButton:pressed, QToolButton:checked {{ background: {grid}; border-color: {border}; }}
QToolButton:focus {{ border-color: {accent}; }}
QToolButton[popupMode="2"] {{ padding: 4px 17px 4px 6px; }}
QToolButton::menu-indicator {{ image: url({icons}/down_{name}.svg); width: 10px; height: 10px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 4px; }}
QToolButton:disabled {{ color: {disabled}; }}
QStatusBar {{ background: {window}; border-top: 1px solid {grid}; }}
QStatusBar::item {{ border: none; }}
QMenuBar {{ background: {window}; }}
QHeaderView::section {{ background: {window}; color: {muted}; border: none;
    border-bottom: 1px solid {grid}; padding: 4px 8px; font-weight: 600; }}
QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox {{ color: {text}; background: {base};
    border: 1px solid {outline}; border-radius: 4px; min-height: 22px;
    selection-background-color: {accent}; selection-color: {accent_text}; }}
QLineEdit {{ padding: 0 6px; }}
QLineEdit, QPlainTextEdit {{ placeholder-text-color: {muted}; }}
QAbstractSpinBox {{ padding-left: 4px; }}
QAbstractItemView QLineEdit {{ border-radius: 0; min-height: 0; padding: 0 2px; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{
    border-color: {accent}; }}
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{ color: {disabled};
    background: {window}; border-color: {grid}; }}
QLineEdit[locked="true"], QComboBox[locked="true"], QAbstractSpinBox[locked="true"],
QPlainTextEdit[locked="true"], QPushButton[locked="true"] {{ color: {muted};
    background: {window}; border-color: {grid}; }}
QCheckBox[locked="true"] {{ color: {muted}; }}
QAbstractSpinBox[wrong="true"], QLineEdit[wrong="true"] {{ border-color: {error}; }}
QComboBox {{ padding: 0 4px 0 6px; }}
QComboBox::drop-down {{ border: none; width: 20px; }}
QComboBox::down-arrow {{ image: url({icons}/down_{name}.svg); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {base}; border: 1px solid {outline}; outline: none;
    padding: 4px 0; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 18px; }}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {grid}; }}
QAbstractSpinBox::up-arrow {{ image: url({icons}/up_{name}.svg); width: 10px; height: 10px; }}
QAbstractSpinBox::down-arrow {{ image: url({icons}/down_{name}.svg); width: 10px; height: 10px; }}
QAbstractSpinBox::up-arrow:off {{ image: url({icons}/up_off_{name}.svg); }}
QAbstractSpinBox::down-arrow:off {{ image: url({icons}/down_off_{name}.svg); }}
QPushButton {{ color: {text}; background: {base}; border: 1px solid {outline}; border-radius: 4px;
    outline: none;
    padding: 3px 12px; min-height: 18px; }}
QPushButton[role="compact"] {{ padding: 3px 6px; }}
QPushButton[role="small"] {{ padding: 1px 8px; min-height: 16px; }}
QPushButton:hover {{ background: {alternate}; border-color: {border}; }}
QPushButton:pressed {{ background: {grid}; }}
QPushButton:focus, QPushButton:default {{ border-color: {accent}; }}
QPushButton:disabled {{ color: {disabled}; background: {window}; border-color: {grid}; }}
QCheckBox::indicator, QAbstractItemView::indicator {{ width: 13px; height: 13px;
    border: 1px solid {border}; border-radius: 3px; background: {base}; }}
QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border-color: {accent}; }}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{ background: {accent};
    border-color: {accent}; image: url({icons}/check_{name}.svg); }}
QCheckBox::indicator:disabled, QAbstractItemView::indicator:disabled {{ border-color: {grid};
    background: {window}; }}
QMenu {{ background: {base}; border: 1px solid {outline}; padding: 4px 0; }}
QMenu::item {{ padding: 5px 28px 5px 28px; }}
QMenu::item:selected {{ background: {accent}; color: {accent_text}; }}
QMenu::item:disabled {{ color: {disabled}; }}
QMenu::separator {{ height: 1px; background: {grid}; margin: 4px 8px; }}
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: 10px; }}
QScrollBar:horizontal {{ height: 10px; }}
QScrollBar::handle {{ background: {outline}; border-radius: 3px; margin: 2px; min-height: 24px;
    min-width: 24px; }}
QScrollBar::handle:hover {{ background: {border}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSlider:horizontal {{ min-height: 20px; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {outline}; }}
QSlider::sub-page:horizontal {{ border-radius: 2px; background: {accent}; }}
QSlider::handle:horizontal {{ width: 14px; height: 14px; margin: -7px 0; border-radius: 9px;
    background: {base}; border: 2px solid {accent}; }}
QSlider::handle:horizontal:focus, QSlider::handle:horizontal:hover {{ background: {accent}; }}
QSlider::sub-page:horizontal:disabled {{ background: {disabled}; }}
QSlider::handle:horizontal:disabled {{ border-color: {disabled}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QProgressBar {{ border: none; border-radius: 4px; background: {grid}; }}
QProgressBar::chunk {{ border-radius: 4px; background: {accent}; }}
QTreeView::item {{ padding: 3px 5px; }}
QTableCornerButton::section {{ background: {window}; border: none;
    border-bottom: 1px solid {grid}; }}
QScrollArea {{ border: none; }}
QLabel[role="heading"] {{ color: {muted}; font-weight: 600; }}
QLabel[role="muted"] {{ color: {muted}; }}
QLabel[role="title"] {{ font-size: 15px; font-weight: 600; }}
QLabel[role="hint"] {{ color: {accent}; font-weight: 600; padding-left: 8px; }}
QToolButton[role="title"] {{ padding: 2px; }}
QTabWidget::pane {{ background: {window}; border: 1px solid {outline}; top: -1px; }}
QTabBar::tab {{ color: {text}; background: {behind}; border: 1px solid {outline};
    border-top-left-radius: 4px; border-top-right-radius: 4px;
    padding: 5px 9px; margin: 2px 0 0 -1px; }}
QTabBar::tab:first {{ margin-left: 0; }}
QTabBar::tab:selected {{ background: {window}; border-bottom-color: {window}; margin-top: 0;
    padding-top: 7px; }}
QTabBar::tab:hover:!selected {{ background: {grid}; }}
QTabBar::tab:focus {{ border-color: {accent}; }}
QTabBar::scroller {{ width: 44px; }}
QTabBar QToolButton {{ padding: 0; border: none; border-radius: 0; background: {window}; }}
QTabBar QToolButton::left-arrow {{ image: url({icons}/left_{name}.svg); width: 12px;
    height: 12px; }}
QTabBar QToolButton::right-arrow {{ image: url({icons}/right_{name}.svg); width: 12px;
    height: 12px; }}
QToolButton[role="tile"] {{ padding: 4px; border-color: {outline}; }}
QToolButton[role="tile"]:disabled {{ color: {muted}; }}
QToolButton[role="tile"]:checked {{ border-color: {border}; }}
QToolButton[role="action"] {{ color: {text}; background: {base}; border-color: {outline};
    padding: 3px 12px; min-height: 18px; }}
QToolButton[role="action"][popupMode="1"] {{ padding-right: 32px; }}
QToolButton[role="action"]:hover {{ background: {alternate}; border-color: {border}; }}
QToolButton[role="action"]:pressed {{ background: {grid}; }}
QToolButton[role="action"]:focus {{ border-color: {accent}; }}
QToolButton[role="action"]:disabled {{ color: {disabled}; background: {window};
    border-color: {grid}; }}
QToolButton[role="action"]::menu-button {{ border: none; border-left: 1px solid {outline};
    width: 22px; }}
QToolButton[role="action"]::menu-arrow {{ image: url({icons}/down_{name}.svg); width: 12px;
    height: 12px; }}
QLabel[role="warning"] {{ color: {warning}; }}
QLabel[role="error"] {{ color: {error}; }}
"""


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
    return _STYLE.format(
        **theme._asdict(),
        disabled=disabled_text(theme),
        outline=mix(theme.grid, theme.border, 0.5),
        behind=mix(theme.window, theme.grid, 0.6),
        icons=(resources() / "icons").as_posix(),
    )


def disabled_text(theme: Theme) -> str:
    return mix(theme.muted, theme.window, 0.45)


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
