"""How the linear algebra library that comes with NumPy is set up, before NumPy loads it.

It reads these variables once, as it is loaded, and processes that are started later inherit them.
What the user has set stays.
"""

from __future__ import annotations

# Linear algebra on one thread. So results do not depend on the number of cores or on the process
# (sums are split by thread), and with matrices as small as these, threads mostly wait for one
# another: training was up to 75 times slower with two threads where something else, painting for
# one, kept a core busy.
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}

# OpenBLAS knows each processor by its model, and takes one that is newer than itself for a Haswell,
# whose registers are half as wide: on a Zen 5 all products took nearly twice as long. Its code for
# the wide ones is made for Skylake-X, and needs these.
WIDE = frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"})
WIDE_CORE = {"OPENBLAS_CORETYPE": "SkylakeX"}
FIRST_PROCESSOR = 4096  # bytes, so that a machine with many need not tell of all


def settings(processor: str) -> dict[str, str]:
    """The variables for a processor, described as in Linux's /proc/cpuinfo; empty if unknown."""
    lines = (line.partition(":") for line in processor.splitlines())
    values = {name.strip(): value.strip() for name, _, value in lines}
    wide = set(values.get("flags", "").split()) >= WIDE
    return ONE_THREAD | (WIDE_CORE if wide and values.get("vendor_id") == "AuthenticAMD" else {})


def processor() -> str:
    """What Linux tells of the first processor; empty where there is no such file."""
    try:
        with open("/proc/cpuinfo", "rb") as file:
            return file.read(FIRST_PROCESSOR).decode("ascii", "replace").split("\n\n")[0]
    except OSError:
        return ""
