"""The window: the only place that imports Qt."""

from __future__ import annotations

import builtins

_import_module = builtins.__import__
import PySide6.QtCore  # noqa: E402, F401

# PySide6 reads the source of each module that is imported after it, looking for features that a
# module can switch on and that nothing here does. That takes a tenth of the time to start.
builtins.__import__ = _import_module
