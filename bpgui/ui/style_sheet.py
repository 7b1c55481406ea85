"""What the palette does not say of widgets, with the names of a theme's colors in braces."""

from __future__ import annotations

STYLE = """
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
QLabel[role="heading"][active="true"] {{ color: {text}; }}
QWidget[role="bar"][active="true"] {{ border-top: 2px solid {accent}; }}
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
QTabBar[active="true"]::tab:selected {{ border-top: 2px solid {accent}; padding-top: 6px; }}
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
