"""The network with PyTorch. Needs PyTorch (`pip install numpy torch`)."""

import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(1)
shapes = {"0.weight": (3, 2), "0.bias": 3, "2.weight": (1, 3), "2.bias": 1}
weights = {name: rng.uniform(-1, 1, shape) for name, shape in shapes.items()}
x, y = np.array([[2.0, 3.0]]), np.array([[1.0]])

model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1), nn.Sigmoid())
model.double()  # the default is float32
model.load_state_dict({name: torch.tensor(w) for name, w in weights.items()})

loss = ((model(torch.tensor(x)) - torch.tensor(y)) ** 2).mean()
loss.backward()
gradients = {name: param.grad for name, param in model.named_parameters()}

for name in weights:
    print(f"{name}: {gradients[name].numpy()}")
