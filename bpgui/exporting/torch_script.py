"""The training as a PyTorch program, in the words that PyTorch's users expect."""

from __future__ import annotations

from bpgui.exporting.literals import TORCH
from bpgui.exporting.recipe import Recipe
from bpgui.exporting.scripts import Script, assembled, batches, ending, frozen, training

MODULES = {
    "identity": "nn.Identity()",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.01)",
    "elu": "nn.ELU()",
    "softplus": "nn.Softplus(threshold=40)",  # at its own, 20, it is off in the tenth digit
    "softmax": "nn.Softmax(dim=1)",
}

SAFE_LOG = "torch.log(torch.where(t == 0, 1.0, a))"
LOSSES = {
    "squared_error": "F.mse_loss(a, t, reduction='sum')",
    "half_squared_error": "F.mse_loss(a, t, reduction='sum') / 2",
    "mean_squared_error": "F.mse_loss(a, t, reduction='sum') / a.shape[1]",
    "absolute_error": "F.l1_loss(a, t, reduction='sum')",
    "huber": "F.huber_loss(a, t, reduction='sum')",
    "binary_cross_entropy": "F.binary_cross_entropy(a, t, reduction='sum')",
    "cross_entropy": f"-torch.sum(t * {SAFE_LOG})",
}
FUSED = {
    "binary_cross_entropy": "F.binary_cross_entropy_with_logits(a, t, reduction='sum')",
    "cross_entropy": "F.cross_entropy(a, t, reduction='sum')",
}

OPTIMIZERS = {
    "sgd": "SGD(trained, lr=LEARNING_RATE)",
    "momentum": "SGD(trained, lr=LEARNING_RATE, momentum=MOMENTUM)",
    "nesterov": "SGD(trained, lr=LEARNING_RATE, momentum=MOMENTUM, nesterov=MOMENTUM > 0)",
    "adagrad": "Adagrad(trained, lr=LEARNING_RATE, eps=EPS)",
    "rmsprop": "RMSprop(trained, lr=LEARNING_RATE, alpha=ALPHA, eps=EPS)",
    "adam": "Adam(trained, lr=LEARNING_RATE, betas=(BETA1, BETA2), eps=EPS)",
}
GRADIENTS = ("linears[{layer}].weight.grad", "linears[{layer}].bias.grad")


def torch_script(recipe: Recipe, data_name: str) -> Script:
    """The program; `data_name` is that of the .npz beside it, should it need one."""
    code = "".join(
        (
            _model(recipe),
            _loss(recipe),
            _optimizer(recipe),
            batches(recipe),
            training(
                recipe,
                "loss = data_loss(model(inputs), targets) + penalty()"
                if _penalties(recipe)
                else "loss = data_loss(model(inputs), targets)",
                "loss.item()",
                [
                    "optimizer.zero_grad()",
                    "loss.backward()",
                    *frozen(recipe, *GRADIENTS),
                    "optimizer.step()",
                ],
            ),
            ending("found()", "np.testing.assert_allclose"),
        )
    )
    imports = (
        "import itertools\n\nimport numpy as np\n" if recipe.batched else "import numpy as np\n"
    )
    imports += "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n"
    return assembled(recipe, "in PyTorch", imports, "torch", TORCH, data_name, code)


def _model(recipe: Recipe) -> str:
    lines = []
    layers = recipe.problem.network.layers
    for layer in layers:
        bias = ", bias=False" if layer.bias == "none" else ""
        lines.append(f"nn.Linear({layer.inputs}, {layer.units}{bias}, dtype=DTYPE)")
        lines.append(MODULES[layer.activation])
    if recipe.fused:
        lines.pop()
        told = f"# The loss brings the {layers[-1].activation} of the output along.\n"
    else:
        told = ""
    fixed = "".join(
        f"linears[{number}].bias.requires_grad_(False)  # fixed\n"
        for number, layer in enumerate(layers)
        if layer.bias == "fixed"
    )
    return (
        f"\n{told}model = nn.Sequential(\n"
        + "".join(f"    {line},\n" for line in lines)
        + ")\nlinears = [module for module in model if isinstance(module, nn.Linear)]\n"
        "with torch.no_grad():\n"
        "    for linear, weights, biases in zip(linears, W, b):\n"
        "        linear.weight.copy_(weights)\n"
        "        if linear.bias is not None:\n"
        "            linear.bias.copy_(biases)\n" + fixed
    )


def _penalties(recipe: Recipe) -> list[str]:
    settings = recipe.problem.settings
    terms = []
    if settings.l2:
        terms.append("L2 / 2 * sum(linear.weight.square().sum() for linear in linears)")
    if settings.l1:
        terms.append("L1 * sum(linear.weight.abs().sum() for linear in linears)")
    return terms


def _loss(recipe: Recipe) -> str:
    name = recipe.problem.loss
    value = (FUSED if recipe.fused else LOSSES)[name].replace("'", '"')
    over, told = (" / len(t)", "mean") if recipe.mean else ("", "sum")
    terms = _penalties(recipe)
    outputs = "pre-activations" if recipe.fused else "outputs"
    text = (
        "\n\ndef data_loss(a, t):\n"
        f'    """The {name.replace("_", " ")} of {outputs} a with targets t: '
        f'the {told} over the samples."""\n'
        f"    return {value}{over}\n"
    )
    if terms:
        text += '\n\ndef penalty():\n    """What large weights cost."""\n    value = 0.0\n'
        text += "".join(f"    value = value + {term}\n" for term in terms) + "    return value\n"
    added = " + penalty()" if terms else ""
    return text + (
        '\n\n@torch.no_grad()\ndef objective():\n    """The loss over all samples."""\n'
        f"    return float(data_loss(model(X), T){added})\n"
        '\n\ndef found():\n    """The weights and biases of each layer."""\n'
        "    for linear, biases in zip(linears, b):\n"
        "        kept = biases if linear.bias is None else linear.bias\n"
        "        yield linear.weight.detach(), kept.detach()\n"
    )


def _optimizer(recipe: Recipe) -> str:
    rule = OPTIMIZERS[recipe.problem.settings.optimizer.name]
    return (
        "\n\ntrained = [parameter for parameter in model.parameters() if parameter.requires_grad]\n"
        f"optimizer = torch.optim.{rule}\n"
    )
