"""The article's PyTorch example, seeded. Needs PyTorch (`pip install torch`)."""

import torch
import torch.nn as nn

# without a seed, one run in eight prints only zeros for the weights
torch.manual_seed(1)

# Define network
model = nn.Sequential(
    nn.Linear(2, 3),
    nn.ReLU(),
    nn.Linear(3, 1),
    nn.Sigmoid(),
)

# Forward pass
x = torch.tensor([[2.0, 3.0]])
y = torch.tensor([[1.0]])
y_pred = model(x)

# Compute loss
loss = ((y_pred - y) ** 2).mean()

# Backward pass (automatic)
loss.backward()

# Gradients are stored with the parameters
for name, param in model.named_parameters():
    print(f"{name}: {param.grad}")
