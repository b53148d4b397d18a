"""Exercises that know what went wrong: `exercise`, `answer`, `predict`, `hint`, `solution` and `progress`."""

from gdcourse.exercises.checking import exercise
from gdcourse.exercises.helping import hint, solution
from gdcourse.exercises.memory import progress
from gdcourse.exercises.predictions import predict
from gdcourse.exercises.questions import answer

__all__ = ["answer", "exercise", "hint", "predict", "progress", "solution"]
