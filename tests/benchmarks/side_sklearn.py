"""The side of scikit-learn."""

from __future__ import annotations

import warnings

import numpy as np
from cases import Arrays, Case, slices
from side import blas_threads, serve_side


class ScikitLearn:
    """MLPRegressor: `fit` over whole epochs, which is its fastest way to train.

    It knows the identity on the output layer alone, so the case has it, too.
    """

    def __init__(self, case: Case, data: Arrays) -> None:
        from sklearn.neural_network import MLPRegressor

        self._inputs, self._targets = data.inputs, data.targets
        if case.sizes[-1] == 1:
            self._targets = data.targets[:, 0]
        self._parts = slices(case)
        self._outputs = case.sizes[-1]
        self._model = MLPRegressor(
            hidden_layer_sizes=case.sizes[1:-1],
            activation="logistic",
            solver="sgd",
            alpha=0.0,
            batch_size=case.batch,
            learning_rate_init=case.rate,
            momentum=0.0,
            nesterovs_momentum=False,
            shuffle=False,
            n_iter_no_change=10**9,
            warm_start=True,
        )
        first = self._parts[0]
        self._model.partial_fit(self._inputs[first], self._targets[first])
        self._model.coefs_ = [np.ascontiguousarray(weight.T) for weight in data.weights]
        self._model.intercepts_ = [bias.copy() for bias in data.biases]
        del self._model._optimizer  # it is bound to the parameters that were just replaced

    def run(self, n: int) -> int:
        epochs = max(1, round(n / len(self._parts)))
        self._model.set_params(max_iter=epochs)
        with warnings.catch_warnings(action="ignore"):  # that it could go on after so many epochs
            self._model.fit(self._inputs, self._targets)
        return epochs * len(self._parts)

    def losses(self, n: int) -> list[float]:
        found = []
        for i in range(n):
            part = self._parts[i % len(self._parts)]
            self._model.partial_fit(self._inputs[part], self._targets[part])
            found.append(float(self._model.loss_) * self._outputs)  # it averages over outputs
        return found


if __name__ == "__main__":
    serve_side(ScikitLearn, blas_threads, needs="sklearn")
