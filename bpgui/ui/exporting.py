"""File > Export, and the menu of each plot: where to, in which form, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, QPoint, QStandardPaths, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from bpgui.ui.dock import PanelDock
from bpgui.ui.document import Document
from bpgui.ui.export_forms import FORMS, Form
from bpgui.ui.file_writer import TOPIC, FileWriter, Task
from bpgui.ui.filing import file_stem
from bpgui.ui.menus import escaped
from bpgui.ui.notice import Notice
from bpgui.ui.panels.panel import Plot, Table, View
from bpgui.ui.session import Session
from bpgui.ui.theme import LIGHT, Theme
from bpgui.ui.watching import Progress, Stopped

if TYPE_CHECKING:
    from bpgui.exporting.kinds import Trained


V = TypeVar("V", bound=View)

PICTURES = ((".png", "PNG"), (".svg", "SVG"))
TABLES = ((".csv", "CSV"),)


class Exporting(QObject):
    """Files are written in the background; the notice bar tells what became of them."""

    def __init__(
        self,
        document: Document,
        session: Session,
        notice: Notice,
        theme: Callable[[], Theme],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document, self._session, self._notice = document, session, notice
        self._theme, self._window = theme, window
        self._panels: list[View] = []
        self.writer = FileWriter(notice, self)
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        self._folder = Path(QStandardPaths.writableLocation(documents))
        self.menu = QMenu(self.tr("&Export"), window)
        self.menu.setObjectName("export")
        self.menu.aboutToShow.connect(self._fill)
        self._fill()

    def offering(self, make: Callable[[], V]) -> Callable[[], V]:
        """The same, and the plots of the panel can be saved."""

        def made() -> V:
            panel = make()
            self._panels.append(panel)
            for plot in panel.plots():
                plot.menu_wanted.connect(partial(self._show_menu, panel, plot))
            return panel

        return made

    def export(self, form: Form) -> None:
        """Ask where to write what the run has come to."""
        session, document = self._session, self._document
        document.settle()
        problem, snapshot = session.problem, session.snapshot
        if problem is None or snapshot is None or session.loading:
            self._notice.say(self.tr("There is no run to export yet."), topic=TOPIC)
            return

        def write(path: Path) -> None:
            from bpgui.exporting.kinds import KINDS, Trained, tells_course

            trained = Trained(document.experiment, document.folder, problem, snapshot)
            if tells_course(form.kind, path.suffix, problem.network.size):
                self._write_course(path, trained)
                return
            remark = self.tr(
                "It leaves out gradients and parameters, which are more than 2,000; the .npz of "
                "the run has them."
            )
            told = remark if form.kind == "run" else ""
            self._write(path, partial(KINDS[form.kind].export, trained, path), told)

        files = tuple(
            (suffix, QCoreApplication.translate("Exporting", text)) for suffix, text in form.files
        )
        self._ask(self._name + form.stem, files, write)

    def save_picture(self, panel: View, plot: Plot) -> None:
        """Ask where to write a picture of a plot, which is drawn when that is known."""

        def write(path: Path) -> None:
            from bpgui.exporting.writing import write
            from bpgui.ui.picture import WRITERS

            catch_up(panel)
            draw = partial(WRITERS[path.suffix.lower()], plot, self._title(plot))
            self._write(path, partial(write, path, self._printed(panel, draw)))

        self._ask(self._stem(plot), PICTURES, write)

    def save_data(self, panel: View, plot: Plot) -> None:
        """Ask where to write the numbers of a plot."""

        def write(path: Path) -> None:
            from bpgui.exporting.tables import csv_of
            from bpgui.exporting.writing import write

            gather = self._data(panel, plot)
            if gather is not None:
                self._write(path, lambda: write(path, csv_of(gather())))

        if self._data(panel, plot) is not None:
            self._ask(self._stem(plot), TABLES, write)

    def _data(self, panel: View, plot: Plot) -> Callable[[], Table] | None:
        """What gathers the newest numbers of a plot; where there are none that is told."""
        catch_up(panel)
        gather = plot.data()
        if gather is None:
            self._notice.say(self.tr("There is nothing in this plot yet."), topic=TOPIC)
        return gather

    @property
    def _name(self) -> str:
        """What files of this experiment begin with."""
        return file_stem(self._document.experiment.name)

    def _stem(self, plot: Plot) -> str:
        return f"{self._name}-{plot.name}" if plot.of_run else plot.name

    def _title(self, plot: Plot) -> str:
        if not plot.of_run:
            return plot.title
        snapshot = self._session.snapshot
        return self.tr("{plot}: {name}, iteration {iteration}").format(
            plot=plot.title,
            name=self._document.experiment.name or self.tr("Untitled"),
            iteration="0" if snapshot is None else f"{snapshot.iteration:,}",
        )

    def close(self) -> None:
        """Returns when all that was asked for is written, if only without what takes long."""
        self.writer.close()

    # --- menus ----------------------------------------------------------------------------------

    def _fill(self) -> None:
        """What the run can be exported as, then the plots that can be seen."""
        self.menu.clear()
        for form in FORMS:
            action = self.menu.addAction(QCoreApplication.translate("Exporting", form.text))
            action.setObjectName(f"export_{form.kind}")
            action.triggered.connect(lambda _checked=False, form=form: self.export(form))
        for panel in self._panels:
            plots = [plot for plot in panel.plots() if plot.widget.isVisible()]
            if plots:
                self.menu.addSeparator()
            for plot in plots:
                picture = self.tr("{plot}: picture…").format(plot=escaped(plot.title))
                data = self.tr("{plot}: data…").format(plot=escaped(plot.title))
                self._add_plot(self.menu, panel, plot, picture, data)

    def _show_menu(
        self, panel: View, plot: Plot, place: QPoint, joined: QMenu | None = None
    ) -> None:
        """A menu of what can be saved, or the same at the end of another one."""
        menu = joined or QMenu(plot.widget)
        if menu is joined:
            menu.addSeparator()
        self._add_plot(menu, panel, plot, self.tr("Save &picture…"), self.tr("Save &data…"))
        if menu is not joined:
            menu.setObjectName("plot menu")
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(place)

    def _add_plot(self, menu: QMenu, panel: View, plot: Plot, picture: str, data: str) -> None:
        menu.addAction(picture).triggered.connect(lambda: self.save_picture(panel, plot))
        menu.addAction(data).triggered.connect(lambda: self.save_data(panel, plot))

    # --- writing --------------------------------------------------------------------------------

    def _printed(self, panel: View, draw: Callable[[], bytes]) -> bytes:
        """What is drawn in the light theme, which paper wants, and without the mark of the
        focus."""
        theme, focused = self._theme(), _focused(panel)
        if focused is not None:
            focused.clearFocus()
        if theme is not LIGHT:
            panel.set_theme(LIGHT)
        try:
            return draw()
        finally:
            if theme is not LIGHT:
                panel.set_theme(theme)
            if focused is not None:
                focused.setFocus()

    def _ask(
        self, stem: str, files: tuple[tuple[str, str], ...], write: Callable[[Path], None]
    ) -> None:
        """Ask for a file with one of the suffixes, by default the first, and `write` it."""
        dialog = QFileDialog(self._window, self.tr("Export"))
        dialog.setObjectName("export file")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        filters = {f"{text} (*{suffix})": suffix for suffix, text in files}
        dialog.setNameFilters(list(filters))
        dialog.setDefaultSuffix(files[0][0])
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(filters[chosen]))
        dialog.setDirectory(str(self._folder))
        dialog.selectFile(stem + files[0][0])

        def selected(chosen: str) -> None:
            path = Path(chosen)
            wanted = [suffix for suffix, _ in files]
            if path.suffix.lower() not in wanted:
                path = path.with_name(path.name + filters[dialog.selectedNameFilter()])
            self._folder = path.parent
            write(path)

        dialog.fileSelected.connect(selected)
        dialog.open()

    def _write(self, path: Path, work: Callable[[], None], remark: str = "") -> None:
        def do(_progress: Progress) -> str:
            work()
            return remark

        self.writer.write(Task(path, do))

    def _write_course(self, path: Path, trained: Trained) -> None:
        """Write the run with the parameters over time, for which its iterations are done again."""
        from bpgui.exporting.kinds import KINDS
        from bpgui.exporting.recipe import ExportError
        from bpgui.exporting.recorded import retraced

        export = KINDS["run"].export
        other = self.tr(
            "It tells no parameters over time: doing the iterations once more led to others."
        )

        def do(progress: Progress) -> str:
            course, remark = None, ""
            try:
                course = retraced(trained.problem, trained.snapshot, progress)
                progress(1, 1)
            except ExportError:
                remark = other
            except Stopped:
                if not self.writer.closing:
                    raise
            export(replace(trained, course=course), path)
            return remark

        slow = self.tr("Doing the iterations once more, for the parameters over time…")
        without = partial(self._write, path, partial(export, trained, path))
        offer = self.tr("Save without parameters over time")
        self.writer.write(Task(path, do, slow, without, offer))


def _focused(panel: View) -> QWidget | None:
    """The widget in a panel that has the focus."""
    widget = QApplication.focusWidget()
    return widget if widget is not None and panel.isAncestorOf(widget) else None


def catch_up(panel: View) -> None:
    """Have a panel show the newest snapshot, for which it may be waiting its turn."""
    parent = panel.parentWidget()
    while parent is not None and not isinstance(parent, PanelDock):
        parent = parent.parentWidget()
    if parent is not None:
        parent.render_waiting()
