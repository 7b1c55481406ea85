"""The loop in C: the same mathematics as the NumPy loop, without its calls.

On a network of a dozen units NumPy spends its time in calls, not in arithmetic; here one call does
any number of iterations and holds no lock meanwhile. A large network's iterations are shared by two
threads. The C files beside this one are compiled when bpgui is built (packaging/build_kernel.py).
Where there is no library all is done on NumPy.

Digits agree with those of the NumPy loop to about 1e-12, not to the bit, as sums are taken in
another order and exp, tanh and log are others. They are the same on every platform, which those of
NumPy are not: the kernel fixes the order of its sums and brings its own functions.

Which loop a problem gets follows from the problem and the installation alone, so results do not
depend on how training is cut into calls. The environment variable BPGUI_ENGINE=numpy makes it the
NumPy loop everywhere, to compare the two.
"""

from bpgui.engine.compiled.library import available
from bpgui.engine.compiled.loop import CompiledLoop, supports

__all__ = ["CompiledLoop", "available", "supports"]
