"""What is dragged onto the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QDropEvent

from bpgui.datasets.idx import counterpart


def dropped_file(event: QDropEvent) -> Path | None:
    """The one local file that is dragged, or the first one of two that go together; else None."""
    urls = event.mimeData().urls()
    if not urls or not all(url.isLocalFile() for url in urls):
        return None
    first, *others = (Path(url.toLocalFile()) for url in urls)
    return first if [file.name for file in others] in ([], [counterpart(first.name)]) else None
