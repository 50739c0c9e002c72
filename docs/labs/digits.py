# ---
# title: Train on real digits
# description: The article's network on scikit-learn's handwritten digits.
# search: {exclude: true}
# ---

# %% [markdown]
# # Train on real digits
#
# !!! goal "After this lab"
#
#     You have trained a network of your own on real images.
#
# The loss is $L = \frac{1}{N} \sum_i \ell_i$.

# %%
# pip install numpy matplotlib scikit-learn
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from snippets.matrix_form import backward, forward

digits = load_digits()
X, y = digits.data / 16, digits.target
share = (y == 3).mean()
print(X.shape)

# %% [markdown]
# Of {{ share:.1% }} we say nothing. See [the chapter](../matrix-form.md).

# %%
figure, axes = plt.subplots(figsize=(4.6, 2.5), layout="constrained")
axes.plot([0, 1, 4])
axes.fill_between([0, 1, 2], [1, 2, 3], [2, 3, 4], color="C1", alpha=0.3, lw=0)
axes.imshow(X[0].reshape(8, 8), cmap="gray_r", extent=(0, 1, 2, 3), aspect="auto")
TITLE = "A first figure of this lab"
DESCRIPTION = f"A line that rises to {4}."
plt.show()

# %%
rows = [{"digit": str(d), "images": str((y == d).sum())} for d in range(3)]
rows

# %% [markdown]
# ## Take along
#
# - Nothing yet.
