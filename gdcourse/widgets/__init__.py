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
`interact`, bytes received for a picture, and milliseconds from the end of the cell to paint. Measured on 26 November
2026 on two quiet cores. One frame of a screen is 16.7 ms: most answers need two.

                                    median    90%   / interact    bytes   paint
    walk                                33     63         0.17    3,664       6
    walk, with all rates swept          26     51         0.14    4,064       7
    walk, on a landscape                25     53         0.14    4,088       2
    draw                                21     40         0.12    3,760       7
    rewind                              37     85         0.17   70,344       4
    theatre                             47    205         0.24    5,772       8
    step_time                           29     61         0.14    3,288       5
    find                                32     55         0.15    4,916      57
    threshold                           27     55         0.14    9,320       4
    weigh                               31     59         0.16    3,110       6
    fog                                 33     52         0.17    3,488       8
    sketch                              39     65         0.20    2,590      31
    noise                               32     56         0.17    8,276       3
    why                                 44     76         0.23    6,700       5
    backprop                            32     60         0.16    6,756       3
    attend                              27     57         0.14    3,254       2
    interact                           194    270         1.00   68,720

`theatre` trains ten networks for each answer; `rewind` sends the images of 64 units, `threshold` those of eight faces.
The sweep of 400 rates in full takes half a second.
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
