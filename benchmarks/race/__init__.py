"""The parts of the race: what is graded, by whom, how it is measured and shown."""
