"""The case of the table of nudges: what it is, and that it comes again in each build."""

import numpy as np

from snippets.tables import why_it_matters


def test_case_comes_again():
    np.testing.assert_allclose(why_it_matters.X[0], [0.1257302210933933, -0.1321048632913019], rtol=1e-12)
    np.testing.assert_allclose(why_it_matters.parameters[0][0], [-0.6232744625373522, 0.0413259793472436], rtol=1e-12)
    assert set(why_it_matters.Y.flat) == {1.0}
