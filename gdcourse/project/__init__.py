"""A project of the reader's own: read its data, look them over before and after training, and save the model.

`reading` makes arrays of a table, a folder of images or lines of text; `checking` asks what a good colleague would;
`sealing` counts how often the test set is opened; `keeping` saves a model with its scaling and its class names.
"""

from gdcourse.project.checking import check
from gdcourse.project.keeping import Pipeline, load_model
from gdcourse.project.reading import read_images, read_lines, read_table
from gdcourse.project.sealing import Sealed

__all__ = ["Pipeline", "Sealed", "check", "load_model", "read_images", "read_lines", "read_table"]
