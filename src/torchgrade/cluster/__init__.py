"""A class on several machines, by Dask: the course and the submissions travel to grader processes beside its workers.

Dask's own processes hold text and never a student's code in any other form: a worker hands a submission to a grader
process of `grade.pool`, which has a zygote as always, and what comes back is the line for ``results.jsonl``.
"""
