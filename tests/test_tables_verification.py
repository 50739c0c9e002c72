"""The table of the verification: what it reads, how strict it is, and how it shows an error."""

import pytest

from snippets.tables import verification


def test_tolerances_are_those_of_the_methods():
    """Differences lose half of the digits or more, the others only rounding; the number of digits is the promise of the page."""
    assert verification.TOLERANCES == {"Differences": 1e-7, "Complex step": 1e-11, "autograd": 1e-11, "PyTorch": 1e-11}


@pytest.mark.parametrize("error, shown", [
    (0.0, "&lt; 10<sup>−14</sup>"), (9e-15, "&lt; 10<sup>−14</sup>"), (1e-14, "&lt; 10<sup>−11</sup>"), (1.0, "&lt; 10<sup>1</sup>"), (float("inf"), "∞"),
])  # fmt: skip
def test_error_is_below_what_is_shown(error, shown):
    assert verification.decade(error) == shown


def test_record_without_the_function_is_stale():
    check = verification.registry.CHECKS["losses.mse_gradient"]._replace(name="losses.new")
    with pytest.raises(AssertionError, match="losses.new are not those of the record"):
        verification.recorded(check, 0)


def test_gradient_that_is_missing_is_an_error(monkeypatch):
    check = verification.registry.CHECKS["matrix_form.backward"]
    fewer = check._replace(gradients=lambda *given: check.gradients(*given)[:-1])
    monkeypatch.setitem(verification.registry.CHECKS, check.name, fewer)
    with pytest.raises(ValueError, match="longer"):
        verification.worst(check.name, "autograd")


def test_record_is_named_as_what_it_reads():
    assert verification.READS == ["snippets/recorded/oracles.json"]
