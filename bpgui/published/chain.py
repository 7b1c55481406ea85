"""E: a chain of three weights, as gradients ask and in the order of its text."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bpgui.engine.descent import advance, initial_state
from bpgui.engine.evaluation import predict
from bpgui.engine.gradcheck import check_gradient
from bpgui.published.comparison import Example
from bpgui.published.problems import after, named, preset


def _chain() -> dict[str, float]:
    problem = preset("chain-of-three")
    network = problem.network
    _, trace = advance(problem, initial_state(problem), 1)
    assert trace.gradient is not None  # an iteration ran
    check = check_gradient(problem, after(problem, 155))
    theta = after(problem, 160 * problem.batches_per_epoch)
    return {
        **named(network, "first dL/d", trace.gradient),
        "before update 156, largest error": float(np.abs(check.analytic - check.numeric).max()),
        **named(network, "after 160 epochs, ", theta),
        "after 160 epochs, output for 1": float(predict(problem, theta, np.ones((1, 1)))[0, 0]),
    }


CHAIN = Example(
    "E",
    "A chain of three weights, two samples one at a time",
    _chain,
    {
        "first dL/dw(3)[1,1]": "-0.055899",
        "first dL/dw(2)[1,1]": "-0.125073",
        "first dL/dw(1)[1,1]": "0.124912",
        "before update 156, largest error": "0.000000000",
    },
    {
        "after 160 epochs, w(1)[1,1]": "0.26834251180335367",
        "after 160 epochs, w(2)[1,1]": "0.2681246232434451",
        "after 160 epochs, w(3)[1,1]": "-0.5366628787432715",
        "after 160 epochs, output for 1": "-0.038612483512720945",
    },
)


def _chain_in_text_order() -> dict[str, float]:
    problem = replace(preset("chain-of-three"), fault="output_first")
    network = problem.network
    state, trace = advance(problem, initial_state(problem), 156)
    assert trace.gradient is not None  # an iteration ran
    check = check_gradient(problem, state.parameters)
    theta = after(problem, 160 * problem.batches_per_epoch)
    return {
        **named(network, "update 156, backpropagation dL/d", trace.gradient),
        **named(network, "after update 156, difference for ", check.numeric),
        **named(network, "after 160 epochs, ", theta),
        "after 160 epochs, output for 1": float(predict(problem, theta, np.ones((1, 1)))[0, 0]),
    }


CHAIN_IN_TEXT_ORDER = Example(
    "E, text order",
    "The chain of three weights, the output layer updated first",
    _chain_in_text_order,
    {
        "update 156, backpropagation dL/dw(3)[1,1]": "0.003970",
        "update 156, backpropagation dL/dw(2)[1,1]": "-0.032617",
        "update 156, backpropagation dL/dw(1)[1,1]": "-0.027502",
        "after update 156, difference for w(3)[1,1]": "0.004164",
        "after update 156, difference for w(2)[1,1]": "-0.033257",
        "after update 156, difference for w(1)[1,1]": "-0.027499",
    },
    {
        "after 160 epochs, w(1)[1,1]": "0.9752700681132106",
        "after 160 epochs, w(2)[1,1]": "0.9641798308982554",
        "after 160 epochs, w(3)[1,1]": "-1.0634229821037362",
        "after 160 epochs, output for 1": "-0.9999746254878177",
    },
)
