"""Student code in processes of its own: the worker, and the ways to start and reach one.

Nothing is imported here: a worker must not load the trusted side's modules by loading its own.
"""
