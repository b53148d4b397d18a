"""The ten digits as somebody draws them: strokes of points (x, y), from 0 to 1 across a pad, y downwards."""

import numpy as np


def arc(x, y, wide, high, start, end, points=24):
    """Return points on an ellipse around (x, y); angles in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, points))
    return list(zip(x + wide * np.cos(angles), y + high * np.sin(angles)))


DIGITS = [
    [arc(0.5, 0.5, 0.22, 0.34, -90, 270)],
    [[(0.55, 0.15), (0.5, 0.5), (0.47, 0.85)]],
    [arc(0.5, 0.33, 0.2, 0.18, -170, 30) + [(0.3, 0.82), (0.75, 0.8)]],
    [arc(0.47, 0.32, 0.2, 0.17, -150, 90) + arc(0.47, 0.66, 0.24, 0.18, -90, 150)],
    [[(0.35, 0.15), (0.3, 0.5), (0.7, 0.48)], [(0.68, 0.15), (0.62, 0.88)]],
    [[(0.7, 0.17), (0.38, 0.17), (0.35, 0.45)] + arc(0.48, 0.62, 0.22, 0.2, -110, 150)],
    [[(0.62, 0.13), (0.45, 0.3)] + arc(0.48, 0.66, 0.19, 0.2, 180, -180)],
    [[(0.28, 0.2), (0.72, 0.2), (0.45, 0.87)]],
    [arc(0.5, 0.32, 0.16, 0.16, 90, -270) + arc(0.5, 0.67, 0.2, 0.19, -90, 270)],
    [arc(0.5, 0.34, 0.18, 0.18, -20, -380) + [(0.67, 0.34), (0.62, 0.87)]],
]


def sent(strokes, size=252, left=0, top=0):
    """Return strokes as the browser sends them, drawn this large with the upper left corner there."""
    return [[round(v) for x, y in stroke for v in (left + size * x, top + size * y)] for stroke in strokes]
