"""The view of a graph's drawing: zoom by the wheel, move by dragging, choose by a click."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from bpgui.ui.panels.graph_items import NodeItem
from bpgui.ui.panels.graph_scene import GraphScene
from bpgui.ui.theme import Theme

LARGEST, SMALLEST = 3.0, 0.25
MARGIN = 4  # pixels that stay free, so that no scroll bar is needed
FIT_LARGEST, FIT_SMALLEST = 1.35, 0.6  # numbers stay readable; what does not fit can be moved
STEP_KEYS = {
    Qt.Key.Key_Left: "back",
    Qt.Key.Key_Right: "on",
    Qt.Key.Key_Home: "first",
    Qt.Key.Key_End: "last",
}


class GraphView(QGraphicsView):
    """Fits the drawing until the user zooms; `fit` does so again."""

    node_chosen = Signal(int)
    step_asked = Signal(str)  # back, on, first or last
    menu_wanted = Signal(object)  # QPoint on the screen

    def __init__(self, scene: GraphScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._drawing = scene
        self._zoomed = False
        self._pressed: QPoint | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Computation graph"))
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)

    @property
    def zoom(self) -> float:
        return self.transform().m11()

    def set_theme(self, theme: Theme) -> None:
        self.setBackgroundBrush(QColor(theme.base))

    def whole(self) -> QRect:
        """Where all of the drawing lies, which may be beyond what is seen; from the corner of the
        view, in pixels."""
        return self.mapFromScene(self._drawing.sceneRect()).boundingRect()

    def fit(self, least: float = FIT_SMALLEST) -> None:
        """All of the drawing, where it is no smaller than `least`; else around the chosen node."""
        self._zoomed = False
        area = self._drawing.sceneRect()
        room = self.viewport().rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        if area.isEmpty() or room.isEmpty():
            return
        whole = min(room.width() / area.width(), room.height() / area.height())
        self.resetTransform()
        scale = min(max(whole, least), FIT_LARGEST)
        self.scale(scale, scale)
        self.centerOn(area.center())
        if scale > whole:
            self.show_chosen()

    def show_chosen(self) -> None:
        """Move as little as is needed to see the chosen node."""
        chosen = self._drawing.shown.chosen
        item = None if chosen is None else self._drawing.nodes.get(chosen)
        if item is not None:
            self.ensureVisible(item.sceneBoundingRect(), 24, 8)

    def zoom_by(self, factor: float) -> None:
        factor = min(max(self.zoom * factor, SMALLEST), LARGEST) / self.zoom
        self._zoomed = True
        self.scale(factor, factor)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(1.0015 ** event.angleDelta().y())
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._zoomed:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in STEP_KEYS:
            self.step_asked.emit(STEP_KEYS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(1.25)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom_by(0.8)
        elif event.key() == Qt.Key.Key_0:
            self.fit(SMALLEST)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._choose_next(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def _choose_next(self, by: int) -> None:
        """The node before or after the chosen one, in the order of computation."""
        nodes, chosen = list(self._drawing.nodes), self._drawing.shown.chosen
        if nodes:
            place = nodes.index(chosen) + by if chosen in nodes else 0
            self.node_chosen.emit(nodes[min(max(place, 0), len(nodes) - 1)])
            self.show_chosen()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        if self._pressed is not None and (place - self._pressed).manhattanLength() < 4:
            item = self.itemAt(place)
            if isinstance(item, NodeItem):
                self.node_chosen.emit(item.node)
        self._pressed = None
