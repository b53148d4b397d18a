"""Live figures: Python computes, the browser paints. Each is also a picture with a text where no kernel runs.

`walk` follows gradient descent on a curve or a landscape, such as a plane through a network's weights
(`planes.through`). `fog` lets the reader walk down a hidden hill, and compares. `sketch` lets them draw what they
expect of a run, and lays the run over it.
`watch` draws the training of a network while it runs, and `rewind` goes back through its epochs.
`draw` lets a network read digits that the reader draws.
`why` shows what each pixel of a digit adds to two scores, and lets the reader rub ink out.
`theatre` shows what a mistake in backpropagation costs.
`step_time` shows where the time of a step goes that several processes share.
`noise` shows the cloud in which noisy runs end, by learning rate and batch size.
`find` lets the reader move a digit over a picture, and shows what a detector finds there.
`threshold` shows which pairs of faces a threshold accepts, and both errors.
`weigh` shows what each word of a text adds to its score.
`backprop` shows numbers forward and slopes back through a network, and any weight's slope as the sum that it is.
`attend` steps through the words of a translator and shows where it looks.

How fast `walk` answers, beside ipywidgets' `interact` that draws the same figure with Matplotlib, in one run on two
busy cores in a headless browser (tests/benchmarks/figure_speed.py):

                                            walk: median, 90%     interact: median, 90%
    slider key to changed picture, ms            45      69             456     665
    bytes received for a picture              3,660   3,668          70,206 135,979
    pictures in a burst of thirty keys           26      29               5       7
    from the end of the cell to paint, ms         5      13
    between two frames while playing, ms         17      17
"""

from gdcourse.widgets.attend import attend
from gdcourse.widgets.backprop import backprop
from gdcourse.widgets.drawing import draw
from gdcourse.widgets.finding import find
from gdcourse.widgets.fog import fog
from gdcourse.widgets.noise import noise
from gdcourse.widgets.rewind import rewind
from gdcourse.widgets.sketch import sketch
from gdcourse.widgets.step_time import step_time
from gdcourse.widgets.theatre import theatre
from gdcourse.widgets.threshold import threshold
from gdcourse.widgets.training import watch
from gdcourse.widgets.walk import walk
from gdcourse.widgets.weigh import weigh
from gdcourse.widgets.why import why

__all__ = [
    "attend",
    "backprop",
    "draw",
    "find",
    "fog",
    "noise",
    "rewind",
    "sketch",
    "step_time",
    "theatre",
    "threshold",
    "walk",
    "watch",
    "weigh",
    "why",
]
