"""Open pictures: which two IDX files, what they hold, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bpgui.datasets.errors import DataError
from bpgui.experiment.first_network import FOR_PICTURES
from bpgui.experiment.idx_import import Pictures, data_of, files_of, look
from bpgui.experiment.sources import Split
from bpgui.ui.editors.choice_box import ChoiceBox
from bpgui.ui.editors.choices import SPLITS, choices
from bpgui.ui.editors.text_box import BrowseButton, TextBox
from bpgui.ui.editors.value_box import ValueBox, linear
from bpgui.ui.loading import Loader
from bpgui.ui.panels.output_colors import image_of, packed, rgb
from bpgui.ui.theme import SPACING, Theme

WIDTH = 620
SIDE = 56  # pixels of a picture in the preview
TEST_SHARE = 0.2


class Preview(QWidget):
    """The first pictures with their labels, as many as there is room for."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures: Pictures | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("The first pictures"))

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 4 * SPACING, 2 * self._line())

    def _line(self) -> int:
        return SIDE + int(QFontMetricsF(self.font()).height()) + SPACING

    def show_pictures(self, pictures: Pictures | None) -> None:
        self._pictures = pictures
        labels = [] if pictures is None else pictures.answers.tolist()
        self.setAccessibleDescription(", ".join(map(str, labels)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, pictures = QPainter(self), self._pictures
        if pictures is None:
            return
        columns = max((self.width() + SPACING) // (SIDE + SPACING), 1)
        ground, ink = rgb(self._theme.base), rgb(self._theme.text)
        painter.setPen(QColor(self._theme.muted))
        brightest = max(int(pictures.first.max(initial=0)), 1)
        shown = zip(pictures.first[: 2 * columns], pictures.answers.tolist(), strict=False)
        for place, (picture, label) in enumerate(shown):
            line, column = divmod(place, columns)
            longer = max(picture.shape)
            area = QRectF(column * (SIDE + SPACING), line * self._line(), SIDE, SIDE)
            area.setWidth(SIDE * picture.shape[1] / longer)
            area.setHeight(SIDE * picture.shape[0] / longer)
            depth = picture[..., None].astype(np.float64) / brightest
            painter.drawImage(area, image_of(packed(ground + (ink - ground) * depth)))
            below = QRectF(area.left(), line * self._line() + SIDE, SIDE, self._line() - SIDE)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, str(label))
        painter.end()


class ImagesDialog(QDialog):
    """Emits the pictures, their data and whether a network is wanted once both files were read to
    their ends without a fault. `path` is either file; `written` says how the preset names one."""

    imported = Signal(object, object, bool)  # Pictures, Idx, whether to set up a network

    def __init__(
        self, path: Path, written: Callable[[Path], str], theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("import")
        self.setWindowTitle(self.tr("Import pictures: {name}").format(name=path.name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._written = written
        self.pictures: Pictures | None = None
        self._loader = Loader(self)
        self._loader.loaded.connect(self._show)
        self._loader.failed.connect(self._refuse)
        self._make_widgets(theme)
        self._lay_out()
        self._begin(path)

    # --- building -------------------------------------------------------------------------------

    def _make_widgets(self, theme: Theme) -> None:
        pattern = self.tr("IDX files (*ubyte *ubyte.gz *.idx *.idx.gz *.gz);;All files (*)")
        self.files: dict[str, TextBox] = {}
        self._browse: dict[str, BrowseButton] = {}
        for name, title in (
            ("images", self.tr("Choose the file of images")),
            ("labels", self.tr("Choose the file of labels")),
        ):
            box = self.files[name] = TextBox(self)
            box.entered.connect(partial(self._enter, name))
            self._browse[name] = BrowseButton(box, title, pattern, self)
        self.extent = QLabel(self)
        self.preview = Preview(theme, self)
        self.test_fraction = ValueBox(linear("0.05", lowest=0.0, highest=0.95), self)
        self.test_fraction.set_value(TEST_SHARE)
        self.test_fraction.entered.connect(self._enter_fraction)
        self.split = ChoiceBox(choices(SPLITS), self)
        self.split.set_value("random")
        self.split.chosen.connect(self.split.set_value)
        self.set_up = QCheckBox(
            self.tr("Set up a network for them: {units} hidden units, softmax, Adam").format(
                units=FOR_PICTURES.units
            ),
            self,
        )
        self.set_up.setChecked(True)
        self.message = QLabel(self)
        self.message.setProperty("role", "error")
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.import_button = self.buttons.addButton(
            self.tr("&Import"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.import_button.setDefault(True)
        self.buttons.accepted.connect(self._import)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(2 * SPACING)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, label in (("images", self.tr("I&mages")), ("labels", self.tr("&Labels"))):
            row = QHBoxLayout()
            row.setSpacing(SPACING // 2)
            row.addWidget(self.files[name], 1)
            row.addWidget(self._browse[name])
            caption = QLabel(label, self)
            caption.setBuddy(self.files[name])
            self.files[name].setAccessibleName(label.replace("&", ""))
            form.addRow(caption, row)
        tests = QHBoxLayout()
        tests.setSpacing(SPACING)
        tests.addWidget(self.test_fraction, 1)
        tests.addWidget(self.split, 2)
        self.split.setAccessibleName(self.tr("Test samples"))
        caption = QLabel(self.tr("Test &share"), self)
        caption.setBuddy(self.test_fraction)
        self.test_fraction.setAccessibleName(self.tr("Test share"))
        form.addRow(caption, tests)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        column.setSpacing(SPACING + SPACING // 2)
        column.addLayout(form)
        column.addWidget(self.extent)
        column.addWidget(self.preview)
        column.addWidget(self.set_up)
        column.addWidget(self.message)
        column.addWidget(self.buttons)
        self.setMinimumWidth(WIDTH)

    # --- the files --------------------------------------------------------------------------------

    def _begin(self, path: Path) -> None:
        try:
            found = files_of(path)
        except DataError as error:
            found = path, None
            self.message.setText(str(error))
        for box, file in zip(self.files.values(), found, strict=True):
            box.set_value("" if file is None else str(file))
        self._look()

    def _enter(self, name: str, text: str) -> None:
        self.files[name].set_value(text)
        self.message.setText("")
        self._look()

    def _look(self) -> None:
        """Read both files, or say which is missing."""
        self._loader.cancel()
        self.pictures = None
        self._show_pictures()
        missing = [name for name, box in self.files.items() if not box.text()]
        if not missing:
            images, labels = (Path(box.text()) for box in self.files.values())
            self._loader.request(partial(look, images, labels))
        elif not self.message.text():
            self.extent.setText(
                self.tr("Choose the file of labels that belongs to these images.")
                if missing == ["labels"]
                else self.tr("Choose the file of images that these labels belong to.")
            )

    def _show(self, pictures: Pictures) -> None:
        self.pictures = pictures
        self._show_pictures()

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, DataError):
            raise error
        self.message.setText(str(error))

    def _show_pictures(self) -> None:
        pictures = self.pictures
        self.preview.show_pictures(pictures)
        self.import_button.setEnabled(pictures is not None)
        if pictures is None:
            self.extent.clear()
            return
        words = self.tr("{count} pictures of {rows} × {columns} pixels, {classes} classes")
        self.extent.setText(
            words.format(
                count=f"{pictures.count:,}",
                rows=pictures.rows,
                columns=pictures.columns,
                classes=pictures.classes,
            )
        )

    # --- the end ----------------------------------------------------------------------------------

    def _enter_fraction(self, value: float) -> None:
        right = 0 <= value < 1
        self.test_fraction.set_wrong(not right)
        if right:
            self.test_fraction.set_value(value)

    def _import(self) -> None:
        pictures = self.pictures
        if pictures is None:
            return
        split: Split = "last" if self.split.value == "last" else "random"
        written = self._written(pictures.images), self._written(pictures.labels)
        data = data_of(written, float(self.test_fraction.value), split)
        wanted = self.set_up.isChecked()
        self.accept()
        self.imported.emit(pictures, data, wanted)

    def done(self, result: int) -> None:
        self._loader.close()
        super().done(result)
