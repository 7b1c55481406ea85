"""bpgui verify: the digits of published worked examples beside our own."""

from __future__ import annotations

from typing import Any

from bpgui.commands import output
from bpgui.published import EXAMPLES, compare


def run(as_json: bool) -> int:
    """The command; returns the exit code."""
    with output.progress("verifying") as advance:
        examples: list[dict[str, Any]] = []
        for done, example in enumerate(EXAMPLES):
            advance(done, len(EXAMPLES))
            examples.append(
                {
                    "system": example.system,
                    "title": example.title,
                    "numbers": [
                        {
                            "name": found.name,
                            "expected": float(found.printed),
                            "printed": found.printed,
                            "actual": found.actual,
                            "difference": found.difference,
                            "allowed": found.allowed,
                            "passed": found.agrees,
                        }
                        for found in compare(example)
                    ],
                }
            )
    marks = [entry["passed"] for example in examples for entry in example["numbers"]]
    told = {"passed": all(marks), "count": len(marks), "failed": marks.count(False)}
    if as_json:
        output.print_json({**told, "examples": examples})
    else:
        print_report(told, examples)
    return output.DONE if told["passed"] else output.FAILED


def print_report(told: dict[str, Any], examples: list[dict[str, Any]]) -> None:
    """The same for people: a table per example, and in one line what it comes to."""
    for example in examples:
        print(f"{example['system']}  {example['title']}")
        rows = [
            (
                entry["name"],
                entry["printed"],
                output.number(entry["actual"]),
                f"{entry['difference']:.1e}",
                "ok" if entry["passed"] else "FAILED",
            )
            for entry in example["numbers"]
        ]
        output.print_table(("", "expected", "actual", "difference", ""), rows, "lrrrl")
        print()
    agree = told["count"] - told["failed"]
    print(f"{agree} of {told['count']} published numbers agree")
