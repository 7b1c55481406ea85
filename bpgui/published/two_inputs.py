"""A1, and the digits of A that come of updating the output layer first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bpgui.engine.backprop import network_rows, reduction_factor
from bpgui.engine.descent import gradient
from bpgui.engine.evaluation import evaluate, predict
from bpgui.engine.walk import walk
from bpgui.published.comparison import Example
from bpgui.published.problems import after, named, preset

SYMBOLS = {"pre_activation": "z", "activation": "a", "delta": "delta"}


def _two_inputs() -> dict[str, float]:
    problem = preset("two-inputs-fixed-biases")
    network, theta = problem.network, problem.initial
    found: dict[str, float] = {"loss": evaluate(problem, theta).loss}
    steps = walk(
        network,
        problem.loss,
        reduction_factor(problem, 1),
        theta,
        network_rows(network, problem.train.inputs),
        np.ascontiguousarray(problem.train.targets.T),
    )
    for layer, quantity, values in steps:
        if quantity in SYMBOLS:
            for unit, value in enumerate(values[:, 0].tolist(), 1):
                found[f"{SYMBOLS[quantity]}({layer})[{unit}]"] = value
    found |= named(network, "dL/d", gradient(problem, theta))
    theta = after(problem, 1)
    found |= named(network, "after 1 update, ", theta)
    found["after 1 update, loss"] = evaluate(problem, theta).loss
    theta = after(problem, 10_000)
    found["after 10,000 updates, loss"] = evaluate(problem, theta).loss
    for unit, value in enumerate(predict(problem, theta, problem.train.inputs)[0].tolist(), 1):
        found[f"after 10,000 updates, a(2)[{unit}]"] = value
    return found


TWO_INPUTS = Example(
    "A1",
    "Two inputs, two hidden units, two outputs; biases fixed",
    _two_inputs,
    {
        "z(1)[1]": "0.377500000000000",
        "z(1)[2]": "0.392500000000000",
        "a(1)[1]": "0.5932699921071872",
        "a(1)[2]": "0.596884378259767",
        "z(2)[1]": "1.10590596705977",
        "z(2)[2]": "1.2249214040964653",
        "a(2)[1]": "0.7513650695523157",
        "a(2)[2]": "0.7729284653214625",
        "loss": "0.2983711087600027",
        "delta(2)[1]": "0.13849856162855695",
        "delta(2)[2]": "-0.038098236516556236",
        "delta(1)[1]": "0.00877135468949",
        "delta(1)[2]": "0.00995425470522",
        "dL/dw(1)[1,1]": "0.000438567734474",
        "dL/dw(1)[1,2]": "0.000877135468949",
        "dL/dw(1)[2,1]": "0.000497712735261",
        "dL/dw(1)[2,2]": "0.000995425470522",
        "dL/dw(2)[1,1]": "0.0821670405642",
        "dL/dw(2)[1,2]": "0.0826676278475",
        "dL/dw(2)[2,1]": "-0.0226025404775",
        "dL/dw(2)[2,2]": "-0.0227402422160",
        "after 1 update, w(1)[1,1]": "0.1497807161327628",
        "after 1 update, w(1)[1,2]": "0.19956143226552567",
        "after 1 update, w(1)[2,1]": "0.24975114363236958",
        "after 1 update, w(1)[2,2]": "0.29950228726473915",
        "after 1 update, w(2)[1,1]": "0.35891647971788465",
        "after 1 update, w(2)[1,2]": "0.4086661860762334",
        "after 1 update, w(2)[2,1]": "0.5113012702387375",
        "after 1 update, w(2)[2,2]": "0.5613701211079891",
        "after 1 update, loss": "0.29102777369359933",
    },
    {
        "after 10,000 updates, loss": "3.510187782978859e-05",
        "after 10,000 updates, a(2)[1]": "0.01591362044355068",
        "after 10,000 updates, a(2)[2]": "0.9840642735146238",
    },
)


def _trap() -> dict[str, float]:
    problem = replace(preset("two-inputs-fixed-biases"), fault="output_first")
    theta = after(problem, 10_000)
    outputs = predict(problem, theta, problem.train.inputs)[0].tolist()
    return {
        "after 1 update, loss": evaluate(problem, after(problem, 1)).loss,
        **{f"after 10,000 updates, a(2)[{j}]": output for j, output in enumerate(outputs, 1)},
    }


TRAP = Example(
    "A, copied digits",
    "The two inputs of A, the output layer updated first",
    _trap,
    {"after 1 update, loss": "0.291027924"},
    {
        "after 10,000 updates, a(2)[1]": "0.015912196",
        "after 10,000 updates, a(2)[2]": "0.984065734",
    },
)
