"""The gradebook: a term's facts in a database, from which what counts is worked out anew each time.

Students, assignments, attempts, every grading of each, extensions, and what people set by hand. No grading and no
decision is ever overwritten: a regrade stands after the grading that it replaces, and what is withdrawn stays, with
who did so.
SQLAlchemy and Alembic come with ``pip install 'torchgrade[gradebook]'``; `open_gradebook` is the first to need them.
"""

from .opening import open_gradebook

__all__ = ["open_gradebook"]
