"""What the whole machinery shares: where the checkout is, and how a fault is told."""

from conftest import ROOT

from snippets import _weave
from snippets._weave import WeaveError, WeaveErrors


def test_the_checkout_is_the_folder_that_holds_snippets():
    assert _weave.ROOT == ROOT and (ROOT / "snippets/_weave").is_dir()


def test_fault_is_told_with_path_and_line():
    assert str(WeaveError("it broke", "snippets/one.py", 7)) == "snippets/one.py:7: it broke"
    assert str(WeaveError("it broke", "snippets/one.py")) == "snippets/one.py:1: it broke"


def test_several_faults_are_told_one_a_line_and_each_once():
    faults = [WeaveError("a", "x.py", 2), WeaveError("b", "x.py", 1), WeaveError("a", "x.py", 2)]
    assert str(WeaveErrors(faults)) == "x.py:2: a\nx.py:1: b"
    assert isinstance(WeaveErrors(faults), WeaveError)
