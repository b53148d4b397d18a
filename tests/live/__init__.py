"""Lessons and figures in a real browser."""
