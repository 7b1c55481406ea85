"""A part of a dock under a heading that folds it away."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from bpgui.ui.editors.editor import LABEL_WIDTH
from bpgui.ui.theme import SPACING


class Heading(QAbstractButton):
    """A quiet line of text with an arrow; Space folds and unfolds."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        font = self.font()
        font.setWeight(font.Weight.DemiBold)
        self.setFont(font)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(self.text()) + 2 * SPACING
        return QSize(width, max(3 * SPACING, metrics.height() + SPACING))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole
        ink = self.palette().color(role.Text if self.underMouse() else role.PlaceholderText)
        pen = QPen(ink, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        middle = QPointF(SPACING / 2, self.height() / 2)
        painter.drawPolyline(self._arrow().translated(middle))
        area = QRectF(self.rect()).adjusted(2 * SPACING, 0, 0, 0)
        text = painter.boundingRect(area, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(role.Highlight), 1))
            beside = SPACING / 2 - 0.5
            painter.drawRoundedRect(text.adjusted(-beside, -beside, beside, beside), 3, 3)

    def enterEvent(self, event: object) -> None:
        self.update()

    def leaveEvent(self, event: object) -> None:
        self.update()

    def _arrow(self) -> QPolygonF:
        if self.isChecked():
            return QPolygonF([QPointF(-3.5, -1.75), QPointF(0, 1.75), QPointF(3.5, -1.75)])
        return QPolygonF([QPointF(-1.75, -3.5), QPointF(1.75, 0), QPointF(-1.75, 3.5)])


class Section(QWidget):
    """A heading over a body; `name` is the key under which its state is remembered.

    Tab goes through widgets in the order in which they were made: make the body after the section.
    """

    toggled = Signal(bool)

    def __init__(self, name: str, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self.body: QWidget | None = None
        self.heading = Heading(title, self)
        self.heading.setAccessibleName(title)
        self.heading.setToolTip(self.tr("Fold or unfold this section"))
        self.heading.toggled.connect(self._unfold)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, SPACING // 2)
        self._column.setSpacing(SPACING // 2)
        self._head = QHBoxLayout()
        self._head.setSpacing(SPACING)
        self._head.addWidget(self.heading)
        self._column.addLayout(self._head)

    def set_body(self, body: QWidget) -> None:
        self.body = body
        self._column.addWidget(body)
        body.setVisible(self.unfolded)

    def add_beside(self, control: QWidget) -> None:
        """Put a control of the body's at the end of the heading's line, where it stays when the
        section is folded."""
        wide = control.sizePolicy().expandingDirections() & Qt.Orientation.Horizontal
        if wide:
            self.heading.setMinimumWidth(LABEL_WIDTH)
            self.heading.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._head.addWidget(control, 1 if wide else 0)
        QWidget.setTabOrder(self.heading, control)

    @property
    def unfolded(self) -> bool:
        return self.heading.isChecked()

    def set_unfolded(self, unfolded: bool) -> None:
        self.heading.setChecked(unfolded)

    def _unfold(self, unfolded: bool) -> None:
        if self.body is not None:
            self.body.setVisible(unfolded)
        self.toggled.emit(unfolded)
