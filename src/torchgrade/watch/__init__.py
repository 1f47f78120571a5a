"""`torchgrade watch`: on every save the verdict, from a process that has torch and the checks loaded already.

The watching process never loads torch nor any code of the student's. A *runner* (`runner`) loads torch and collects the
checks ahead of need, waits, runs the checks once, and ends: so no run meets what an earlier one left behind, and it is
done alike where processes cannot fork.
"""

__all__: list[str] = []
