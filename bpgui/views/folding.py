"""What is left out of a long list, said honestly: the first, how many more, the last."""

from __future__ import annotations


def folded(count: int, most: int) -> list[int | range]:
    """The places 0 .. count - 1; where they are more than `most`, a range in place of those left
    out, so that `most` entries are shown: the first ones, the range, and the last place."""
    if count <= most or most < 3:
        return list(range(count))
    kept = most - 2
    return [*range(kept), range(kept, count - 1), count - 1]
