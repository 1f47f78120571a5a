"""Grading: one submission, or a class of them."""
