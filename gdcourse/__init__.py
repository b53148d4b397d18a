"""Gradient descent, from one weight on a curve to the same network in NumPy and in Keras."""

__version__ = "0.1.0"
