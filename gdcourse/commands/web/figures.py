"""What takes the place of a live figure on a page, where no kernel runs: a recording, or the picture that is stored."""

RECORDED = []  # functions that know a recording: recording(lesson, cell, folder) returns its HTML, or nothing


def recorded(lesson, cell, folder):
    """Return the HTML that takes the place of what the cell stored, or None: then the stored picture stays.

    lesson: the notebook's name without its ending. cell: its code cell, with "source" and the stored "outputs".
    folder: the site; files that the HTML asks for go there, and it names them from the folder's root.
    """
    return next((html for recording in RECORDED if (html := recording(lesson, cell, folder))), None)
