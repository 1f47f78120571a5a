"""Checks of 11-scaling: one reproducible experiment."""

from fixtures.shared import graphs, scaling
from torchgrade import check, expect


def runs(submission, *seeds):
    """Run the experiment for each seed in turn, with other random numbers drawn in between."""
    mine = submission.make(graphs.student_function, "scaling", "run_experiment")
    return submission.make(scaling.experiments, mine, list(seeds))


def expect_report(run):
    """See that a report is complete, the split clean, and the accuracy good."""
    for name in ("accuracy", "train", "test"):
        if run[name] is None:
            expect.fail("The report has the test accuracy and both parts of the split.", f"Nothing is called {name!r}.")
    if run["weights"] is None:
        expect.fail("The weights are saved under the path that was given.", "There is no such file after the call.")
    train, test = run["train"], run["test"]
    if set(train) & set(test):
        expect.fail("No point is in both parts of the split.", "What a network was trained on does not test it.")
    because = "Each point is in exactly one part of the split."
    expect(sorted(train + test), because=because).equal(list(range(len(train) + len(test))))
    if len(train) + len(test) < 30:
        expect.fail("Three clouds of points need more points than that.", "Are all points in the split?")
    if abs(5 * len(test) - len(train) - len(test)) > 5:
        expect.fail("One point in five is a test point.", "Compare the lengths of both parts.")
    accuracy = run["accuracy"] / 100 if run["accuracy"] > 1 else run["accuracy"]
    if not 0.9 < accuracy <= 1:
        expect.fail("The reloaded network gets over 90 % of the test points right.", "Is it the network of the file?")


def expect_repeated(run, again):
    """See that two runs with one seed are equal."""
    because = "Equal seeds give equal results and weights, whatever was drawn in between."
    for name in ("train", "test", "accuracy", "weights"):
        expect(again[name], because=because).equal(run[name])


@check("run_experiment", points=3, visible=True)
def test_known_seed(submission):
    """Seed 42, twice: a clean split, over 90 % right, the same both times."""
    first, second = runs(submission, 42, 42)
    expect_report(first)
    expect_repeated(first, second)


@check("run_experiment", points=5)
def test_any_seed(submission):
    """Other seeds: each repeats itself and differs from the others; the accuracy is that of the file's weights."""
    found = runs(submission, 0, 1103, 0, 1103, 7)
    for run in found:
        expect_report(run)
    expect_repeated(found[0], found[2])
    expect_repeated(found[1], found[3])
    because = "Different seeds give different weights."
    for one, other in ((0, 1), (0, 4), (1, 4)):
        expect(found[one]["weights"], because=because).differs_from(found[other]["weights"])
    mine = submission.make(graphs.student_function, "scaling", "run_experiment")
    blank = submission.make(scaling.zeros_loaded, mine, 3)
    if blank is not None and blank > (80 if blank > 1 else 0.8):
        expect.fail("The accuracy is that of the network which was loaded from the file.", "Which one do you judge?")
