"""How strictly the frameworks are compared, and that NumPy's draws come again."""

from snippets.tables import frameworks


def test_floats_of_either_size_are_held_to_what_they_can():
    assert 1e-7 < frameworks.TOLERANCE <= 1e-6 and 1e-15 < frameworks.TOLERANCE_FLOAT64 <= 1e-12


def test_draws_come_again():
    assert frameworks.numpy_share == 0.1238


def test_records_are_named_as_what_it_reads():
    assert frameworks.READS == ["snippets/recorded/*.json"]
