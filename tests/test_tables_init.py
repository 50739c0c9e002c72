"""How the cells of the tables write numbers."""

import pytest

from snippets import tables


@pytest.mark.parametrize("error, shown", {
    0.0: "below 10<sup>−14</sup>", 1e-14: "below 10<sup>−14</sup>", 1.05e-14: "below 10<sup>−8</sup>", 1e-8: "below 10<sup>−8</sup>",
    1.05e-8: "below 10<sup>−7</sup>", 1e-7: "below 10<sup>−7</sup>", 1.05e-7: "below 10<sup>−4</sup>", 1e-4: "below 10<sup>−4</sup>",
    1.05e-4: "0.00011", 0.25: "0.25",
}.items())  # fmt: skip
def test_noise_is_shown_by_the_power_of_ten_above_it(error, shown):
    assert tables.magnitude(error) == shown
