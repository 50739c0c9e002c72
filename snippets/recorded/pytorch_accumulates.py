"""PyTorch adds to gradients until they are cleared. Needs PyTorch (`pip install torch`)."""

import torch

w = torch.tensor(3.0, requires_grad=True)

(w**2).backward()
print("once:   ", w.grad)

(w**2).backward()  # adds to what is there
print("twice:  ", w.grad)

w.grad = None  # what optimizer.zero_grad() does
(w**2).backward()
print("cleared:", w.grad)
