"""A grader in a process of its own: takes in so many results, and prints the name of each that is committed.

python writer.py ADDRESS PREFIX COUNT [--stuck]    with --stuck it stops in the middle of the first
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.gradebook.samples import result
from torchgrade.gradebook import (
    open_gradebook,
    recording,
)


def stuck(*_: object) -> None:
    print("stuck", flush=True)
    time.sleep(600)


address, prefix, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
if "--stuck" in sys.argv:
    recording._insert = stuck  # the student and the attempt are written by then
with open_gradebook(address, make=True) as book:
    for number in range(count):
        recording.take_in(book, result(f"{prefix}{number:03}"))
        print(f"{prefix}{number:03}", flush=True)
