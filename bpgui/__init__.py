"""bpgui: see every number of backpropagation."""

import os

from bpgui import blas

__version__ = "0.1.0"

for _name, _value in blas.settings(blas.processor()).items():
    os.environ.setdefault(_name, _value)
