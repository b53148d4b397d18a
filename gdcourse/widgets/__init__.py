"""Live figures: Python computes, the browser paints. Each is also a picture with a text where no kernel runs.

`walk` follows gradient descent on a curve or a landscape, such as a plane through a network's weights
(`planes.through`), and sweeps the learning rates to show where the run ends with each. `fog` lets the reader walk down
a hidden hill, and compares. `sketch` lets them draw what they expect of a run, and lays the run over it.
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

How fast they answer, beside ipywidgets' `interact` that draws the figure of `walk` with Matplotlib, all in one run
(tests/benchmarks/figure_speed.py): milliseconds from a key to the changed picture, their median over that of
`interact` in its turns between these keys, bytes received for a picture, and milliseconds from the end of the cell to
paint. Measured on 27 November 2026 on two quiet cores. The first row computes and paints nothing but one number: what
it takes, the way to Python and back through Jupyter takes (a few milliseconds are chance). One frame of a screen is
16.7 ms: most answers need two.

                                   median    90%   / interact    bytes   paint
    a number there and back            24     40         0.13    1,779      52
    walk                               26     45         0.13    2,955       6
    walk, with all rates swept         28     48         0.14    3,048       4
    walk, on a landscape               24     47         0.12    3,069       5
    draw                               21     29         0.10    2,820      24
    rewind                             31     56         0.16   52,758       2
    theatre                            34    211         0.18    4,425      12
    step_time                          24     44         0.12    2,469       4
    find                               22     33         0.11    3,690      87
    threshold                          22     44         0.11    6,990       4
    weigh                              16     33         0.08    2,348       9
    fog                                29     38         0.15    2,616       3
    sketch                             33     53         0.17    1,942       4
    noise                              26     46         0.13    6,210       3
    why                                38     52         0.19    5,058      37
    backprop                           26     38         0.13    5,068       2
    attend                             23     42         0.12    2,476       3
    interact                          199    242         1.00   51,579

`theatre` trains ten networks for a new rate, five for another mistake at the same rate, none for what it has shown.
`rewind` sends the images of 64 units, `threshold` those of eight faces. The sweep of 400 rates in full takes half a
second.
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
