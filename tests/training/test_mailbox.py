from __future__ import annotations

import threading

from bpgui.training.mailbox import Mailbox


def test_the_newest_wins_and_is_taken_once():
    box: Mailbox[int] = Mailbox()
    assert box.take() is None
    box.put(1)
    box.put(2)
    assert box.take() == 2
    assert box.take() is None


def test_waiting_ends_when_something_is_put():
    box: Mailbox[str] = Mailbox()
    seen: list[bool] = []
    waiter = threading.Thread(target=lambda: seen.append(box.wait(30)))
    waiter.start()
    box.put("news")
    waiter.join()
    assert seen == [True]
    assert box.take() == "news"


def test_waiting_gives_up_after_its_timeout():
    assert Mailbox[int]().wait(0.001) is False
