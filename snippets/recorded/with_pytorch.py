"""The network with PyTorch. Needs PyTorch (`pip install numpy torch`)."""

import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(1)
sizes = {"0.weight": (3, 2), "0.bias": 3, "2.weight": (1, 3), "2.bias": 1}
weights = {name: rng.uniform(-1, 1, size) for name, size in sizes.items()}
x, y = np.array([[2.0, 3.0]]), np.array([[1.0]])

layers = nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1), nn.Sigmoid()
model = nn.Sequential(*layers)
model.double()  # the default is float32
tensors = {name: torch.tensor(w) for name, w in weights.items()}
model.load_state_dict(tensors)

loss = ((model(torch.tensor(x)) - torch.tensor(y)) ** 2).mean()
loss.backward()
gradients = {name: param.grad for name, param in model.named_parameters()}

for name in weights:
    print(f"{name}: {gradients[name].numpy()}")
