"""How the cells of the tables write numbers."""

import pytest

from snippets.tables import magnitude, n, power_of_ten, spaced


@pytest.mark.parametrize(
    "error, text",
    [
        (0.25, "0.25"),
        (0.0123, "0.012"),
        (1.1e-4, "0.00011"),
        (1e-4, "below 10<sup>−4</sup>"),
        (6e-8, "below 10<sup>−7</sup>"),
        (1e-8, "below 10<sup>−8</sup>"),
        (0.0, "below 10<sup>−14</sup>"),
    ],
)
def test_an_error_is_shown_as_its_size_and_noise_as_its_power_of_ten(error, text):
    assert magnitude(error) == text


def test_numbers_are_written_with_a_real_minus_and_thin_spaces():
    assert n(-0.1234567) == "−0.123457" and n(-0.5, 1) == "−0.5"
    assert spaced(1234567) == "1\u202f234\u202f567" and power_of_ten(1e-7) == "10<sup>−7</sup>"
