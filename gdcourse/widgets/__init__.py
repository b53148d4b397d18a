"""Live figures: Python computes, the browser paints. Each is also a picture with a text where no kernel runs.

`walk` follows gradient descent on a curve or a landscape. `watch` draws the training of a network while it runs.
`draw` lets a network read digits that the reader draws.
"""

from gdcourse.widgets.drawing import draw
from gdcourse.widgets.training import watch
from gdcourse.widgets.walk import walk

__all__ = ["draw", "walk", "watch"]
