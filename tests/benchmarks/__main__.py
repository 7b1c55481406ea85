"""Measures bpgui: python packaging/dev.py bench [NAMES...] [--json FILE] [--pairs N] [--quick]."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import results
from measuring import Plan, Table

# Each a module beside this one, whose `measure` takes a plan and returns tables.
BENCHMARKS = {
    "engine": "iterations per second beside peers, and the share of the arithmetic limit",
    "growth": "memory, frames and snapshots as a run goes on, and as networks grow",
    "start": "from the start of the process to the window, beside a bare one; commands",
    "tax": "training with the window open, and the window while it trains",
}
QUICK = Plan(pairs=3, seconds=0.05, quick=True)


def main(arguments: Sequence[str]) -> int:
    chosen = _parser().parse_args(arguments)
    plan = QUICK if chosen.quick else Plan()
    if chosen.pairs is not None:
        plan = replace(plan, pairs=chosen.pairs)
    tables: dict[str, Sequence[Table]] = {}
    for name in chosen.names or BENCHMARKS:
        measure: Callable[[Plan], Sequence[Table]] = importlib.import_module(name).measure
        tables[name] = measure(plan)
        results.show(tables[name])
        # After each, so that it is there if the next one fails.
        results.save(chosen.json, results.document(tables, plan))
    print(f"All samples are in {chosen.json}")
    return 0


def _parser() -> argparse.ArgumentParser:
    lines = [f"  {name:8} {text}" for name, text in BENCHMARKS.items()]
    parser = argparse.ArgumentParser(
        prog="dev.py bench",
        description="Measures bpgui against its peers.\n\n" + "\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", type=_name, metavar="NAMES", help="all if left out")
    parser.add_argument("--json", type=Path, default=Path("bpgui-bench.json"), metavar="FILE")
    parser.add_argument("--pairs", type=_positive, metavar="N", help="slices of each side")
    parser.add_argument("--quick", action="store_true", help="a look, too short to rely on")
    return parser


def _name(text: str) -> str:
    if text not in BENCHMARKS:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(BENCHMARKS)}")
    return text


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
