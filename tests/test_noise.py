"""Numbers that are nothing but rounding are shown so that another processor, with other last bits, shows the same page."""

import runpy

from conftest import ROOT

from snippets import tables

magnitude = tables.magnitude


def test_half_and_twice_of_an_error_that_is_noise_are_shown_alike(monkeypatch):
    shown = []
    monkeypatch.setattr(tables, "magnitude", lambda error: shown.append(error) or magnitude(error))
    for path in (ROOT / "snippets/tables").glob("[!_]*.py"):
        if "magnitude" in path.read_text(encoding="utf-8"):
            runpy.run_path(path)
    noise = [error for error in shown if error < tables.NOISE[-1]]
    assert len(noise) > 20 and [error for error in noise if magnitude(error / 2) != magnitude(2 * error)] == []
