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

How fast they answer, beside ipywidgets' `interact` that draws the figure of `walk` with Matplotlib, in one run each
(tests/benchmarks/figure_speed.py): milliseconds from a key to the changed picture, their median over that of `interact`
in the same run, bytes received for a picture, and milliseconds from the end of the cell to paint. Measured on 26
November 2026 on two cores that ten other programs shared, so only the ratios and the bytes mean something: `interact`
took one to two seconds.

                                    median    90%   / interact    bytes   paint
    walk                               123    201         0.09    3,640     129
    walk, with all rates swept         132    408         0.07    4,070      10
    walk, on a landscape               176    673         0.10    4,848      34
    draw                                88    223         0.08    3,756      10
    rewind                              70    132         0.11   70,344       3
    theatre                            565  1,082         1.20    5,772      18
    find                                51    105         0.12    4,896     224
    weigh                               33     63         0.06    3,088      17
    attend                              41     69         0.09    3,254       6
    step_time                           64    114         0.11    3,278      15
    threshold                           75    222         0.07    9,320       8

`theatre` trains ten networks for each answer; `rewind` sends the images of 64 units, `threshold` those of eight faces.
The sweep of 400 rates in full takes a third of a second of computing.
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
