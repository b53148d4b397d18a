"""Lessons and figures in a real browser: one for all files of this folder, since to begin takes long."""
