"""Help > About: which versions these are, and under which licenses they stand."""

from __future__ import annotations

import platform
from html import escape

import numpy as np
import pyqtgraph
from PySide6 import __version__ as pyside_version
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

import bpgui
from bpgui.engine.compiled import available
from bpgui.licenses import Component, components
from bpgui.ui.icons import application_icon
from bpgui.ui.theme import SPACING

COMPONENT = Qt.ItemDataRole.UserRole
ICON = 64  # pixels
LIST_WIDTH = 220


def details() -> dict[str, str]:
    """What a report of a fault should tell, by its name."""
    return {
        "bpgui": bpgui.__version__,
        "Python": platform.python_version(),
        "Qt": f"{qVersion()}, PySide6 {pyside_version}",
        "pyqtgraph": pyqtgraph.__version__,
        "NumPy": np.__version__,
        "Engine": "compiled" if available() else "NumPy",
        "System": platform.platform(),
        "Display": QGuiApplication.platformName(),
    }


class AboutDialog(QDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setWindowTitle(self.tr("About bpgui"))
        self.setMinimumSize(600, 460)  # wrapped lines are not counted by the layout
        self.resize(880, 560)
        self.tabs = QTabWidget(self)
        self.tabs.addTab(self._make_program(), self.tr("Program"))
        self.licenses = LicenseView(self)
        self.tabs.addTab(self.licenses, self.tr("Licenses"))
        self.tabs.currentChanged.connect(self._show_licenses)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        column.setSpacing(2 * SPACING)
        column.addWidget(self.tabs)
        column.addWidget(buttons)

    def _make_program(self) -> QWidget:
        page = QWidget(self)
        picture = QLabel(page)
        picture.setPixmap(application_icon().pixmap(ICON, ICON))
        text = QLabel(
            f"<h2>bpgui {escape(bpgui.__version__)}</h2><p>"
            + escape(self.tr("See every number of backpropagation."))
            + "</p>",
            page,
        )
        head = QHBoxLayout()
        head.setSpacing(2 * SPACING)
        head.addWidget(picture)
        head.addWidget(text, 1)
        license_note = QLabel(
            self.tr(
                "bpgui is free software under the MIT license: use, change and pass it on as you "
                "like. It uses Qt under the GNU Lesser General Public License, version 3. Both "
                "licenses, those of all other parts, and where Qt’s source is to be had stand "
                "under Licenses."
            ),
            page,
        )
        license_note.setWordWrap(True)
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        column.setSpacing(2 * SPACING)
        column.addLayout(head)
        column.addWidget(license_note)
        column.addLayout(self._make_details(page))
        column.addWidget(self._make_copy_button(page), 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return page

    def _make_details(self, page: QWidget) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(4 * SPACING)
        form.setVerticalSpacing(SPACING // 2)
        for name, value in details().items():
            shown = QLabel(value, page)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label = QLabel(name, page)
            label.setProperty("role", "muted")
            form.addRow(label, shown)
        return form

    def _make_copy_button(self, page: QWidget) -> QPushButton:
        self.copy_button = QPushButton(self.tr("Copy details"), page)
        self.copy_button.setToolTip(self.tr("Copies the versions, for a report of a fault"))
        self.copy_button.setAutoDefault(False)
        self.copy_button.clicked.connect(_copy_details)
        return self.copy_button

    def _show_licenses(self) -> None:
        if self.tabs.currentWidget() is self.licenses:
            self.licenses.fill()


class LicenseView(QWidget):
    """All components, searched by name and text, and the license of the one that is picked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search names and texts"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Components"))
        self.list.setSpacing(2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._show)
        self.heading = QLabel(self)
        self.heading.setTextFormat(Qt.TextFormat.RichText)
        self.heading.setWordWrap(True)
        self.heading.setOpenExternalLinks(True)
        self.heading.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("License"))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        split = QSplitter(self)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(2 * SPACING)
        split.addWidget(_column(self, self.search, self.list))
        split.addWidget(_column(self, self.heading, self.text))
        split.setStretchFactor(1, 1)
        split.setSizes([LIST_WIDTH, 3 * LIST_WIDTH])
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        column.addWidget(split)

    def fill(self) -> None:
        """Read the components, which takes a moment; once."""
        if self.list.count():
            return
        for component in components():
            item = QListWidgetItem(f"{component.name} {component.version}".rstrip(), self.list)
            item.setData(COMPONENT, component)
        self.list.setCurrentRow(0)

    def _find(self, text: str) -> None:
        wanted = text.casefold()
        for row in range(self.list.count()):
            item = self.list.item(row)
            found = item.data(COMPONENT)
            item.setHidden(wanted not in f"{item.text()}\n{found.license}\n{found.text}".casefold())
        current = self.list.currentItem()
        if current is None or current.isHidden():
            shown = (row for row in range(self.list.count()) if not self.list.item(row).isHidden())
            self.list.setCurrentRow(next(shown, -1))

    def _show(self, item: QListWidgetItem | None) -> None:
        self.heading.setVisible(item is not None)
        self.text.setPlainText("" if item is None else item.data(COMPONENT).text)
        if item is not None:
            self.heading.setText(_heading(item.data(COMPONENT)))


def _heading(component: Component) -> str:
    title = f"<b>{escape(component.name)}</b> {escape(component.version)}"
    link = escape(component.homepage)
    home = f'<a href="{link}">{link}</a>' if link else ""
    return "<br>".join(filter(None, (title, escape(component.license), home)))


def _column(parent: QWidget, *widgets: QWidget) -> QWidget:
    result = QWidget(parent)
    column = QVBoxLayout(result)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACING)
    for widget in widgets:
        column.addWidget(widget)
    return result


def _copy_details() -> None:
    lines = [f"{name}: {value}" for name, value in details().items()]
    QGuiApplication.clipboard().setText("\n".join(lines))


def show_about(parent: QWidget) -> None:
    dialog = AboutDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
