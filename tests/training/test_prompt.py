"""The executor that does not wait for its process."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from bpgui.training.prompt import Prompt
from bpgui.training.worker import Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


def test_the_first_task_is_done_by_who_submits_it(worker: Worker) -> None:
    assert Prompt(worker).submit(os.getpid).result(timeout=0) == os.getpid()


def test_tasks_go_to_the_process_once_it_is_up(worker: Worker) -> None:
    prompt = Prompt(worker)
    prompt.start()
    process = worker.submit(os.getpid).result(timeout=60)
    assert prompt.submit(os.getpid).result(timeout=60) == process != os.getpid()


def test_the_second_task_starts_the_process(worker: Worker) -> None:
    prompt = Prompt(worker)
    done = [prompt.submit(abs, -number) for number in range(2)]
    assert [future.result(timeout=0) for future in done] == [0, 1]
    process = worker.submit(os.getpid).result(timeout=60)
    assert prompt.submit(os.getpid).result(timeout=60) == process


def test_an_error_is_the_task_s(worker: Worker) -> None:
    assert isinstance(Prompt(worker).submit(int, "x").exception(timeout=0), ValueError)
