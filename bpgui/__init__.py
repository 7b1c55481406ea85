"""bpgui: see every number of backpropagation."""

import os

__version__ = "0.1.0"

# Linear algebra on one thread, unless the user says otherwise. So results do not depend on the
# number of cores or on the process (sums are split by thread), and with matrices as small as these,
# threads mostly wait for one another: training was up to 75 times slower with two threads where
# something else, painting for one, kept a core busy.
for _library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
os.environ.setdefault("VECLIB_MAXIMUM_THREADS", "1")
