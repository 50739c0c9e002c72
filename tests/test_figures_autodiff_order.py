"""The arrows of the figure start and end at the rims of the nodes."""

import math

import pytest


def test_arrows_lead_from_rim_to_rim(monkeypatch):
    from snippets.figures import autodiff_order as figure

    arrows = []
    monkeypatch.setattr(figure, "arrow", lambda axes, *points, **options: arrows.append(points))
    figure.draw()
    assert len(arrows) == 2 * 5
    for across in (figure.PANEL / 2 - 1, figure.PANEL * 1.5 - 1):
        places = [(across + x, y) for x, y in figure.PLACES.values()]
        ours = [points for points in arrows if abs(points[0][0] - across) < figure.PANEL / 2]
        for points in ours:
            assert min(math.dist(points[0], place) for place in places) == pytest.approx(figure.RADIUS + 1.5)
            assert min(math.dist(points[1], place) for place in places) == pytest.approx(figure.RADIUS + 1.5)
