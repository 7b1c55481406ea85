"""Formulas drawn as mathematics.

ziamath sets LaTeX in STIX as outlines, which become painter paths: crisp on any screen, in any
color, and kept, since setting one takes some milliseconds. Plain numbers, which change with every
snapshot, are put together from single glyphs instead, which takes microseconds.
"""

from __future__ import annotations

import re
import threading
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpgui.ui.theme import LIGHT, SPACING, Theme
from bpgui.views.rendering import Row

EM = 20.0  # the size in which formulas are set and kept
MAIN, SMALL = 18.0, 15.0  # pixels of the first row and of the others
SMALLEST_SHARE = 0.6  # of these, where a formula would not fit
LARGEST_INDENT = 0.4  # of the width, for the names before the equals signs

_FLAT = re.compile(r"\\cdot|\\left\(|\\right\)|\^\{-?\d+\}|[0-9.()+=-]|\s")
_UNARY = re.compile(r"(^|[({=,]|\\left\(|\\left\|)-")
_FACTOR = re.compile(r"(\\frac\{[^{}]*\}\{[^{}]*\})( \\cdot .*)")
_ITEM = re.compile(r"([MLQZ])([^MLQZ]*)")
_TIMES = r" \cdot "
_setting = threading.Lock()
_BINARY_GAP, _RAISED, _RAISE = 0.22 * EM, 0.7, 0.4 * EM


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A set formula, its baseline at 0, in units of which EM are one em."""

    path: QPainterPath
    width: float
    ascent: float
    descent: float


def set_math(latex: str) -> Drawn:
    """The outlines of a formula."""
    flat = _flat_tokens(latex)
    if flat is not None:
        return _set_flat(flat)
    if latex.startswith((" + ", " - ")):
        return _joined(_set_flat([" ", latex[1], " "]), _set_whole(latex[3:]))
    factor = _FACTOR.fullmatch(latex)
    rest = None if factor is None else _flat_tokens(factor[2])
    if factor is not None and rest is not None:
        return _joined(_set_whole(factor[1]), _set_flat(rest))
    return _set_whole(latex)


def _joined(first: Drawn, second: Drawn) -> Drawn:
    path = QPainterPath(first.path)
    path.addPath(second.path.translated(first.width, 0.0))
    width = first.width + second.width
    return Drawn(path, width, max(first.ascent, second.ascent), max(first.descent, second.descent))


def _flat_tokens(latex: str) -> list[str] | None:
    """The signs of a formula that is nothing but numbers in a row, else None."""
    tokens: list[str] = []
    place = 0
    while place < len(latex):
        match = _FLAT.match(latex, place)
        if match is None:
            return None
        tokens.append(match[0])
        place = match.end()
    return tokens


def _set_flat(tokens: list[str]) -> Drawn:
    """Glyph by glyph; blanks around + and - tell those that join from those that are signs."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    pen, ascent, descent = 0.0, 0.7 * EM, 0.02 * EM
    for place, token in enumerate(tokens):
        if token.isspace():
            continue
        if token.startswith("^"):
            for sign in token[2:-1]:
                glyph, advance = _glyph(sign)
                small = _scaled(glyph.path, _RAISED).translated(pen, -_RAISE)
                path.addPath(small)
                pen += advance * _RAISED
            ascent = max(ascent, 1.0 * EM)
            continue
        name = {r"\left(": "(", r"\right)": ")"}.get(token, token)
        around = tokens[place - 1 : place] + tokens[place + 1 : place + 2]
        joins = name in ("+", "-", "=", r"\cdot") and any(map(str.isspace, around))
        glyph, advance = _glyph(name)
        pen += _BINARY_GAP if joins else 0.0
        path.addPath(glyph.path.translated(pen, 0.0))
        pen += advance + (_BINARY_GAP if joins else 0.0)
        ascent, descent = max(ascent, glyph.ascent), max(descent, glyph.descent)
    return Drawn(path, pen, ascent, descent)


def _scaled(path: QPainterPath, factor: float) -> QPainterPath:
    result = QPainterPath()
    result.setFillRule(Qt.FillRule.WindingFill)
    for i in range(path.elementCount()):
        element = path.elementAt(i)
        place = QPointF(element.x * factor, element.y * factor)
        if element.isMoveTo():
            result.moveTo(place)
        elif element.isLineTo():
            result.lineTo(place)
        elif element.isCurveTo():
            second, third = path.elementAt(i + 1), path.elementAt(i + 2)
            result.cubicTo(
                place,
                QPointF(second.x * factor, second.y * factor),
                QPointF(third.x * factor, third.y * factor),
            )
    return result


@lru_cache(maxsize=64)
def _glyph(sign: str) -> tuple[Drawn, float]:
    """One sign and how far it moves the pen."""
    drawn = _set_whole(sign)
    if sign.isdigit() or sign == ".":
        advance = _set_whole(f"0{sign}0").width - _set_whole("00").width
    else:
        advance = drawn.width + 0.04 * EM
    return drawn, advance


def warm_up() -> None:
    """Load what sets formulas, and the signs of numbers; for a thread, ahead of the first look."""
    for sign in (*"0123456789.+-=()", r"\cdot"):
        _glyph(sign)


@lru_cache(maxsize=512)
def _set_whole(latex: str) -> Drawn:
    svg = ET.fromstring(_svg(_UNARY.sub(r"\1{-}", latex)))
    _, top, _, height = map(float, svg.attrib["viewBox"].split())
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for element in svg.iter():
        if "d" in element.attrib:
            _add_outline(path, element.attrib["d"])
        elif element.tag.endswith("rect"):
            x, y, w, h = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
            path.addRect(QRectF(x, y, w, h))
    ink = path.boundingRect()
    return Drawn(path, max(ink.right(), 0.0), max(-top - 1.0, 0.0), max(height + top - 1.0, 0.0))


def _svg(latex: str) -> str:
    """What ziamath makes of a formula; one at a time, as it reads its font in many places."""
    with _setting:
        # ziamath takes a while to load, and is not needed until a formula is looked at
        from ziamath.config import config
        from ziamath.zmath import Latex

        config.svg2 = False
        svg: str = Latex(latex, size=EM).svg()
        return svg


def _add_outline(path: QPainterPath, outline: str) -> None:
    """Adds what an SVG path of absolute M, L, Q and Z says."""
    for command, numbers in _ITEM.findall(outline):
        values = [float(number) for number in numbers.replace(",", " ").split()]
        if command == "M":
            path.moveTo(*values)
        elif command == "L":
            path.lineTo(*values)
        elif command == "Q":
            path.quadTo(*values)
        else:
            path.closeSubpath()


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A formula or a text at a place of the view; y is the baseline."""

    what: Drawn | str
    x: float
    y: float
    size: float
    role: str


def _fitting(row: Row, size: float, width: float) -> tuple[float, bool, list[list[Drawn]]]:
    """The size, or a smaller one in which the widest part of the row has room; whether its name
    stands alone in a line above; and its sides. Where the size would become too small, products of
    numbers are broken first, then the name gives way; digits are never cut."""
    whole = [[set_math(piece) for piece in side] for side in row.sides]
    broken = [[set_math(part) for piece in side for part in _factors(piece)] for side in row.sides]
    name, equals = set_math(row.name).width * size / EM, set_math("=").width
    share = 1.0
    for alone, sides in ((False, whole), (False, broken), (True, broken)):
        widest = max((piece.width for side in sides for piece in side), default=0.0)
        before = 0.0 if alone else min(name, LARGEST_INDENT * width)
        share = width / (before + (widest + equals) * size / EM + 0.6 * size)
        if share >= SMALLEST_SHARE:
            break
    return size * min(1.0, share), alone, sides


def _factors(latex: str) -> list[str]:
    """A product of numbers in pieces between which a line may be broken."""
    if _flat_tokens(latex) is None:
        return [latex]
    first, *others = latex.split(_TIMES)
    return [first, *(_TIMES + other for other in others)]


class FormulaView(QWidget):
    """Rows of mathematics, aligned at their equals signs and broken where the width asks for it.

    The first row is the number itself: its symbols, digits and result stand below each other. The
    others tell what goes into it, smaller and in a line.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._theme = LIGHT
        self._placed: list[_Placed] = []
        self._height = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        if rows != self._rows:
            self._rows = rows
            self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(200, int(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, int(self._height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._arrange()

    # --- layout ----------------------------------------------------------------------------------

    def _arrange(self) -> None:
        width = max(self.width(), 120) - 2 * SPACING
        self._placed = []
        y = float(SPACING) / 2
        for place, row in enumerate(self._rows):
            if not row.name:
                y = self._put_note(row.note, 2.0 * SPACING, y, width) + SPACING / 2
                continue
            y = self._put_row(row, y, width, main=place == 0)
            y += SPACING * (1.25 if place == 0 else 0.75)
        self._height = y
        self.setFixedHeight(max(int(y), 1))
        self.updateGeometry()
        self.update()

    def _put_row(self, row: Row, y: float, width: float, main: bool) -> float:
        """Places a row from y down, and returns where it ends."""
        size, alone, sides = _fitting(row, MAIN if main else SMALL, width)
        scale = size / EM
        name, equals = set_math(row.name), set_math("=")
        gap = 0.3 * size
        indent = 0.0 if alone else min(name.width * scale + gap, LARGEST_INDENT * width)
        step = indent + equals.width * scale + gap
        lines: list[list[tuple[Drawn, float, str]]] = [[(name, 0.0, "text")]]
        x = 0.0
        for place, (side, drawn) in enumerate(zip(row.sides, sides, strict=True)):
            last = place == len(row.sides) - 1
            whole = sum(piece.width * scale for piece in drawn)
            fits = x + whole + equals.width * scale + 2 * gap <= width
            if (place or alone) and (main or not fits):
                lines.append([])
                x = 0.0
            start = indent if x == 0.0 else x + gap
            lines[-1].append((equals, start, "muted"))
            x = start + equals.width * scale + gap
            role = self._result_role(side[0]) if last else "text"
            for number, piece in enumerate(drawn):
                if number and x + piece.width * scale > width:
                    lines.append([])
                    x = step
                lines[-1].append((piece, x, role))
                x += piece.width * scale
        for line in lines:
            ascent = max((piece.ascent for piece, *_ in line), default=0.0) * scale
            descent = max((piece.descent for piece, *_ in line), default=0.0) * scale
            y += ascent
            for piece, place_x, role in line:
                self._placed.append(_Placed(piece, SPACING + place_x, y, size, role))
            y += descent + 0.35 * size
        if row.note:
            y = self._put_note(row.note, indent, y, width)
        return y

    def _result_role(self, text: str) -> str:
        if text == "0":
            return "text"
        return "negative" if text.startswith("-") else "positive"

    def _put_note(self, note: str, x: float, y: float, width: float) -> float:
        metrics = QFontMetricsF(self.font())
        line = ""
        for word in note.split(" "):
            longer = f"{line} {word}".strip()
            if line and metrics.horizontalAdvance(longer) > width - x:
                self._placed.append(_Placed(line, SPACING + x, y + metrics.ascent(), 0.0, "muted"))
                y += metrics.height()
                longer = word
            line = longer
        self._placed.append(_Placed(line, SPACING + x, y + metrics.ascent(), 0.0, "muted"))
        return y + metrics.height()

    # --- painting ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = QRectF(event.rect())
        for placed in self._placed:
            if placed.y < seen.top() - 60 or placed.y > seen.bottom() + 60:
                continue
            color = QColor(getattr(self._theme, placed.role))
            if isinstance(placed.what, str):
                painter.setPen(color)
                painter.drawText(QPointF(placed.x, placed.y), placed.what)
                continue
            painter.save()
            painter.translate(placed.x, placed.y)
            painter.scale(placed.size / EM, placed.size / EM)
            painter.fillPath(placed.what.path, color)
            painter.restore()
        painter.end()
