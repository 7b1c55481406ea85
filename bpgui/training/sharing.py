"""Memory that two processes share, through which large arrays of a result come back.

A pipe would take ten times as long, and most of it with the interpreter's lock held. And it holds
little: a process with more to say waits in the middle of it until the other listens. The receiving
process makes the blocks, one for each result that may be under way, and copies out what comes in
them. As soon as the other process has opened a block, its name is removed: from then
on the system frees it when both are gone, however they end. Until then the resource tracker of
multiprocessing knows it.
"""

from __future__ import annotations

import logging
import os
import pickle
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from bpgui.training import hurry

if TYPE_CHECKING:
    from multiprocessing.shared_memory import SharedMemory

log = logging.getLogger(__name__)

BLOCKS = 3
LARGE = 2**12  # bytes of an array that is worth the way; a pipe holds 2**16, or less
SPARE = 1.25
UNUSED = 64  # results in a row that have no use for a block before it is freed


@dataclass(frozen=True, slots=True, eq=False)
class Parcel:
    """A result pickled without its large arrays. Those have `sizes` in bytes and lie one after the
    other in the block, or in `loose` where it had no room for them."""

    head: bytes
    sizes: tuple[int, ...]
    loose: tuple[bytes, ...]


# --- in the process that computes -----------------------------------------------------------------

_opened: dict[str, SharedMemory] = {}


def deliver(task: Callable[[], Any], name: str | None, names: frozenset[str], mark: int) -> Parcel:
    """The outcome of a task that was handed in at `mark`, its large arrays in the block called
    `name` if they fit. Blocks that are not among `names` are not used any more."""
    hurry.begin(mark)
    arrays: list[memoryview] = []

    def set_apart(buffer: pickle.PickleBuffer) -> bool:
        """As pickle asks: whether the buffer is to be pickled with the rest."""
        view = buffer.raw()
        if view.nbytes >= LARGE:
            arrays.append(view)
        return view.nbytes < LARGE

    for old in _opened.keys() - names:
        _opened.pop(old).close()
    memory = None if name is None else _open(name)
    head = pickle.dumps(task(), protocol=5, buffer_callback=set_apart)
    sizes = tuple(array.nbytes for array in arrays)
    if memory is None or sum(sizes) > memory.size:
        return Parcel(head, sizes, tuple(array.tobytes() for array in arrays))
    for (begin, end), array in zip(pairwise(accumulate(sizes, initial=0)), arrays, strict=True):
        np.copyto(_bytes(memory)[begin:end], np.frombuffer(array, np.uint8))
    return Parcel(head, sizes, ())


def _open(name: str) -> SharedMemory | None:
    """The block called so, which stays open; None where it cannot be had."""
    from multiprocessing.shared_memory import SharedMemory

    with suppress(OSError):
        if name not in _opened:
            _opened[name] = SharedMemory(name)
        return _opened[name]
    return None


def _bytes(memory: SharedMemory) -> np.ndarray[Any, np.dtype[np.uint8]]:
    assert memory.buf is not None
    return np.frombuffer(memory.buf, np.uint8)


# --- in the process that receives -----------------------------------------------------------------


class Block:
    """Room for one result at a time; as large as results have been."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._memory: SharedMemory | None = None
        self._linked = False
        self._wanted = 0
        self._unused = 0

    @property
    def name(self) -> str | None:
        """None as long as there is no room at all."""
        return None if self._memory is None else self._memory.name

    def unpack(self, parcel: Parcel) -> Any:
        """The result, with arrays of its own."""
        self._remove_name()  # for the other process has opened it by now
        self._wanted = sum(parcel.sizes)
        if parcel.loose or not parcel.sizes:
            return pickle.loads(parcel.head, buffers=map(bytearray, parcel.loose))
        assert self._memory is not None
        shared = _bytes(self._memory)
        ends = pairwise(accumulate(parcel.sizes, initial=0))
        return pickle.loads(parcel.head, buffers=[shared[a:b].copy() for a, b in ends])

    def give_back(self) -> None:
        """Ready for another result."""
        self._blocks.give_back(self)

    def fit(self) -> None:
        """Make room for a result like the last one."""
        size = 0 if self._memory is None else self._memory.size
        self._unused = 0 if self._wanted else self._unused + 1
        if self._wanted > size:
            self.free()
            self._memory = _allocated(int(SPARE * self._wanted))
            self._linked = self._memory is not None
        elif self._unused > UNUSED:
            self.free()
        self._wanted = 0

    def free(self) -> None:
        self._remove_name()
        if self._memory is not None:
            self._memory.close()
            self._memory = None

    def _remove_name(self) -> None:
        if self._linked and self._memory is not None:
            self._memory.unlink()
            self._linked = False


class Blocks:
    """The blocks between two processes. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blocks = tuple(Block(self) for _ in range(BLOCKS))
        self._free = list(self._blocks)
        self._closed = False

    @property
    def names(self) -> frozenset[str]:
        """Of all that have room."""
        return frozenset(name for block in self._blocks if (name := block.name) is not None)

    def take(self) -> Block:
        """A block that is not in use; one without room where all are."""
        with self._lock:
            return self._free.pop() if self._free else Block(self)

    def give_back(self, block: Block) -> None:
        with self._lock:
            if not self._closed and block in self._blocks:
                block.fit()
                self._free.append(block)
                return
        block.free()

    def close(self) -> None:
        """Free all memory, that of blocks in use as soon as they are given back."""
        with self._lock:
            self._closed = True
            blocks, self._free = self._free, []
        for block in blocks:
            block.free()


def _allocated(size: int) -> SharedMemory | None:
    """Memory to share, None where there is not enough of it."""
    from multiprocessing.shared_memory import SharedMemory  # with what it needs of cryptography

    try:
        memory = SharedMemory(create=True, size=size)
    except OSError as error:
        log.warning("no memory could be shared with the worker process: %s", error)
        return None
    try:
        _reserve(memory)
    except OSError as error:
        log.warning("no memory could be shared with the worker process: %s", error)
        memory.close()
        memory.unlink()
        return None
    return memory


def _reserve(memory: SharedMemory) -> None:
    """On Linux memory is promised that is not there, and whoever writes to it is killed."""
    path = f"/dev/shm/{memory.name}"
    with suppress(FileNotFoundError):
        file = os.open(path, os.O_RDWR)
        try:
            os.posix_fallocate(file, 0, memory.size)
        finally:
            os.close(file)
