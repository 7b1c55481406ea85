"""Linear algebra is set up for the processor, and in the same way in each process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bpgui import blas

WIDE = "fpu sse2 avx2 avx512f avx512dq avx512cd avx512bw avx512vl"


def told(vendor: str, flags: str) -> str:
    lines = (
        "processor\t: 0",
        f"vendor_id\t: {vendor}",
        "model name\t: A: B",
        f"flags\t\t: {flags}",
    )
    return "\n".join((*lines, "bugs\t\t:"))


@pytest.mark.parametrize(
    ("processor", "core"),
    [
        (told("AuthenticAMD", WIDE), "SkylakeX"),
        (told("AuthenticAMD", WIDE.replace("avx512dq ", "")), None),
        (told("AuthenticAMD", "fpu sse2 avx2"), None),
        (told("GenuineIntel", WIDE), None),  # which OpenBLAS knows by itself
        ("processor\t: 0\nFeatures\t: fp asimd\n", None),
        ("flags: " + " ".join(blas.WIDE) + "\nvendor_id: ", None),
        ("", None),
    ],
)
def test_wide_registers_are_used_where_they_are(processor: str, core: str | None) -> None:
    found = blas.settings(processor)

    assert found.get("OPENBLAS_CORETYPE") == core
    assert found["OPENBLAS_NUM_THREADS"] == "1"


@pytest.mark.skipif(sys.platform != "linux", reason="the file is Linux's")
def test_linux_tells_of_one_processor() -> None:
    told = blas.processor()

    assert told.count("processor\t") == 1
    assert "\n\n" not in told


def test_what_the_user_has_set_stays() -> None:
    script = "import bpgui, os; print(os.environ['OMP_NUM_THREADS'], os.environ['MKL_NUM_THREADS'])"
    kept = {name: value for name, value in os.environ.items() if name not in blas.ONE_THREAD}
    environment = kept | {"OMP_NUM_THREADS": "3"}

    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["3", "1"]
