"""The checks you can see. More are run when you hand in."""

import torch

from fixtures.shared import functions as fs
from fixtures.shared import graphs
from torchgrade import check, expect

TENS = torch.tensor([10.0, 20.0, 30.0, 40.0])
MODULE = "autograd"


def function_of(submission, name):
    """Return a handle of the student's function, for experiments in its process."""
    return submission.make(graphs.student_function, MODULE, name)


def expect_recorded(submission, f, x, known, reset, because=None):
    """Compare the recorded gradients with the known ones, of which there are as many as calls."""
    out = submission.accumulated_grads(f, x, len(known), reset)
    found = expect(out, because="The result is a list with one gradient for each call.").is_a(list).length(len(known))
    for step, grad in enumerate(known):
        slack = 1e-5 if grad.dtype == torch.float32 else 1e-9
        expect(found.value[step], because=because).is_a(torch.Tensor).close(grad, rtol=slack, atol=slack)


@check("accumulated_grads", points=1, visible=True)
def test_known_gradients_that_add_up(submission):
    """5, 10, 15, 20, then twice and three times as much; always the same with reset; -2.6218 after three calls."""
    once = torch.tensor([5.0, 10.0, 15.0, 20.0])
    expect_recorded(submission, fs.mean_of_squares_plus_20, TENS, [once, 2 * once, 3 * once], False)
    expect_recorded(submission, fs.mean_of_squares_plus_20, TENS, [once, once, once], True)
    out = submission.accumulated_grads(fs.squares, torch.tensor([-0.43697]), 3, False)
    for step, figure in enumerate((-0.8739, -1.7479, -2.6218)):
        expect(out).at(step).close(torch.tensor([figure]), atol=1e-4, rtol=0)


def expect_untracked(submission, f, *args, known, because=None):
    """See that the result is right and not tracked, and that the arguments are as they were."""
    seen = submission.observe.evaluate_untracked(f, *args)
    out = expect(seen, because=because or "The result is what f gives.")
    out.close(known, rtol=1e-5, atol=1e-5)
    expect(seen, because="A tensor that comes back does not require grad.").requires_grad(False)
    expect(seen, because="The arguments keep their values.").untouched()
    for place, x in enumerate(args, 1):
        if isinstance(x, torch.Tensor):
            after = expect(seen, because="The arguments go on requiring grad if they did before.").argument(place)
            after.requires_grad(x.requires_grad)


def expect_mode(submission, f, outer, raised, because):
    """See what the gradient mode is after a call."""
    mine = function_of(submission, "evaluate_untracked")
    seen = submission.make(graphs.modes_after, mine, f, [torch.ones(2).requires_grad_()], outer)
    expect(seen["raised"], because="What f raises is passed on.").equal(raised)
    expect(seen["mode"], because=because).equal(outer)


def expect_off_inside(submission, *args):
    """See that gradients are off while f runs, and that its answer, which is no tensor, comes back."""
    seen = submission.evaluate_untracked(graphs.mode_inside, *args)
    expect(seen, because="Gradients are off while f runs, and what f returns comes back as it is.").equal(False)


@check("evaluate_untracked", points=1, visible=True)
def test_known_function_without_a_graph(submission):
    """Squares of a tensor that requires grad do not; the mode is on again afterwards, also after an exception."""
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    expect_untracked(submission, fs.squares, x, known=torch.tensor([1.0, 4.0]))
    expect_off_inside(submission, x)
    expect(submission.make(torch.is_grad_enabled), because="Gradients are on again after the call.").equal(True)
    expect_mode(submission, graphs.raise_key_error, True, "KeyError", "Gradients are on again after an exception.")


def expect_pair(submission, x, because=None):
    """See that the pair has the values and neither is tracked, and whose memory each lies in."""
    seen = submission.observe.detached_pair(x)
    expect(seen, because="The result is a pair: (view, copy).").is_a(tuple).length(2)
    for place in (0, 1):
        one = expect(seen, because=because or "Both have the values of x.").at(place).is_a(torch.Tensor)
        one.equal(x.detach())
        expect(seen, because="Both are cut off from the graph.").at(place).requires_grad(False)
    expect(seen, because="x keeps its values.").untouched()
    expect(seen, because="x itself goes on requiring grad.").argument(0).requires_grad(True)
    shared = ("result[0]", "args[0]") in seen.aliases, ("result[1]", "args[0]") in seen.aliases
    expect(shared, because="The view lies in the memory of x, the copy does not.").equal((True, False))


def expect_writes_through(submission, x):
    """Write into each of the pair, and see where the new values show."""
    mine = function_of(submission, "detached_pair")
    seen = submission.make(graphs.writes_through_pair, mine, x)
    ones, old = torch.ones_like(x.detach()), x.detach()
    expect(seen["after_view"][0], because="What is written into the view, x has too.").equal(ones)
    expect(seen["after_view"][1], because="What is written into the view does not show in the copy.").equal(old)
    expect(seen["after_copy"], because="What is written into the copy shows nowhere else.").equal((ones, ones))
    expect(seen["tracked"], because="x itself goes on requiring grad.").equal(True)


def expect_edits_caught(submission, experiment):
    """See that a change through the view is not overlooked by backward."""
    outcome = submission.make(experiment, function_of(submission, "detached_pair"))
    because = "When a value that backward needs was changed through the view, backward raises."
    expect(outcome, because=because).equal("raised")


@check("detached_pair", points=1, visible=True)
def test_known_pair(submission):
    """[10, 20]: an edit of the view shows in x, one of the copy does not; backward notices the edit."""
    x = torch.tensor([10.0, 20.0], dtype=torch.float64, requires_grad=True)
    expect_pair(submission, x)
    expect_writes_through(submission, x)
    expect_edits_caught(submission, graphs.edit_before_backward)


def expect_path(submission, kind, steps, known, because=None):
    """Compare the path with the known names; the graph is built where the student's function runs."""
    mine = function_of(submission, "graph_path")
    out = submission.make(graphs.called_on_graph, mine, kind, steps)
    found = expect(out, because="The result is a list of names.").is_a(list).value
    expect(found, because=because).equal(known)


TWO_LAYERS = ["MseLossBackward0", "AddmmBackward0", "ReluBackward0", "AddmmBackward0"]


@check("graph_path", points=2, visible=True)
def test_known_paths(submission):
    """MSE, Addmm, Relu for two layers; nothing for a leaf or an untracked tensor; MulBackward0 for x * 2."""
    expect(submission.graph_path(torch.ones(2, requires_grad=True), 3)).equal([])
    expect_path(submission, "two layers", 3, TWO_LAYERS[:3])
    expect_path(submission, "two layers", 1, TWO_LAYERS[:1])
    expect_path(submission, "one operation", 1, ["MulBackward0"])
    expect_path(submission, "untracked", 2, [])
