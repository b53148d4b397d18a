"""A landscape as the browser paints it: its shades, bluer where it is lower, and its contour lines."""

import contourpy
import numpy as np

from gdcourse import plots


def painted(x, y, heights):
    """Return shades, a byte a point from above to below, and contour lines. heights: (len(y), len(x)), maybe NaN."""
    levels = plots.levels(heights) if np.isfinite(heights).any() else np.array([])
    shades = np.searchsorted(levels, heights[::-1]).astype(float) / max(len(levels), 1) * 255
    lines = contourpy.contour_generator(x, y, np.ma.masked_invalid(heights)).multi_lines(levels[1:-1])
    return {
        "side": len(x),
        "shades": np.nan_to_num(shades).astype(np.uint8).tobytes(),
        "lines": [np.asarray(line, np.float32).tobytes() for level in lines for line in level],
    }
