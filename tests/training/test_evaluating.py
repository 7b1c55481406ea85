"""Evaluation in a thread of its own: the newest request counts, and nothing ends it but `close`."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bpgui.training.evaluating import AbandonedError, Evaluator

LONG = 20.0  # seconds; a condition is waited for at most so long


@pytest.fixture
def evaluator() -> Iterator[Evaluator]:
    evaluator = Evaluator()
    yield evaluator
    evaluator.close()


class Gate:
    """A task that says when it has begun and ends when it is let."""

    def __init__(self) -> None:
        self.begun, self.let = threading.Event(), threading.Event()

    def __call__(self, go_on) -> str:
        self.begun.set()
        assert self.let.wait(LONG)
        return "gate"


def taken(channel):
    assert channel.mailbox.wait(LONG)
    return channel.take()


def test_a_result_comes_from_a_thread_of_its_own(evaluator) -> None:
    channel = evaluator.channel()
    channel.request(lambda go_on: (threading.current_thread().name, go_on()))
    outcome = taken(channel)
    assert outcome.value == ("bpgui evaluate", True)
    assert outcome.error is None
    assert outcome.seconds >= 0.0
    assert channel.take() is None


def test_what_waits_is_replaced_by_what_is_newer(evaluator) -> None:
    channel, gate, done = evaluator.channel(), Gate(), []
    channel.request(gate)
    assert gate.begun.wait(LONG)
    for number in range(5):
        channel.request(lambda go_on, number=number: done.append(number) or number)
    assert channel.busy
    gate.let.set()
    assert taken(channel).value == "gate"
    assert taken(channel).value == 4
    assert done == [4]


def test_channels_take_turns(evaluator) -> None:
    first, second, gate = evaluator.channel(), evaluator.channel(), Gate()
    order = []
    first.request(gate)
    assert gate.begun.wait(LONG)
    second.request(lambda go_on: order.append("second"))
    first.request(lambda go_on: order.append("first"))
    second.request(lambda go_on: order.append("second, newer"))
    gate.let.set()
    taken(first)
    taken(first)
    assert order == ["second, newer", "first"]


def test_an_exception_is_delivered_and_the_next_request_is_done(evaluator, caplog) -> None:
    channel = evaluator.channel()
    channel.request(lambda go_on: 1 // 0)
    outcome = taken(channel)
    assert isinstance(outcome.error, ZeroDivisionError)
    assert outcome.value is None
    assert "an evaluation failed" in caplog.text
    channel.request(lambda go_on: "alive")
    assert taken(channel).value == "alive"


def test_what_waits_can_be_cancelled(evaluator) -> None:
    channel, other, gate = evaluator.channel(), evaluator.channel(), Gate()
    other.request(gate)
    assert gate.begun.wait(LONG)
    channel.request(lambda go_on: "never")
    channel.cancel()
    assert not channel.busy
    gate.let.set()
    other.request(lambda go_on: "after")
    while taken(other).value != "after":
        pass
    assert channel.take() is None


def test_closing_ends_a_long_task_and_leaves_no_thread(evaluator) -> None:
    channel, begun = evaluator.channel(), threading.Event()

    def endless(go_on):
        begun.set()
        while go_on():
            pass
        raise AbandonedError

    channel.request(endless)
    assert begun.wait(LONG)
    evaluator.close()
    assert "bpgui evaluate" not in {thread.name for thread in threading.enumerate()}
    assert channel.take() is None
    channel.request(lambda go_on: "too late")
    assert not channel.busy
    evaluator.close()


def test_no_thread_is_started_before_it_is_needed() -> None:
    Evaluator().close()
    assert "bpgui evaluate" not in {thread.name for thread in threading.enumerate()}
