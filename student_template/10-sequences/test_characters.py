"""The checks you can see. More are run when you hand in."""

import math

import torch

from torchgrade import check, expect


def expect_examples(submission, text, because=None):
    """Compare with the ids of the text's characters, counted by first appearance."""
    vocabulary = []
    for character in text:
        if character not in vocabulary:
            vocabulary.append(character)
    ids = [vocabulary.index(character) for character in text]
    out = submission.char_examples(text)
    found = expect(out, because="The answer is a tuple: inputs, targets, vocabulary.").is_a(tuple).length(3).value
    order = "The vocabulary lists each character once, in the order of first appearance."
    expect(found[2], because=because or order).equal(vocabulary)
    n = len(text) - 1
    for place, part, words in (
        (0, ids[:-1], "The inputs are the ids of all characters but the last."),
        (1, ids[1:], "The targets are the ids of the characters that follow."),
    ):
        expect(found[place], because=because or words).is_a(torch.Tensor).dtype(torch.int64).shape(n)
        expect(found[place], because=because or words).equal(torch.tensor(part, dtype=torch.int64))


@check("char_examples", points=1, visible=True)
def test_hello(submission):
    """'hello': inputs 0, 1, 2, 2, targets 1, 2, 2, 3, vocabulary h, e, l, o; two more words; int64."""
    inputs, targets, vocabulary = submission.char_examples("hello")
    expect(inputs).equal(torch.tensor([0, 1, 2, 2]))
    expect(targets).equal(torch.tensor([1, 2, 2, 3]))
    expect(vocabulary).equal(["h", "e", "l", "o"])
    expect_examples(submission, "banana")
    expect_examples(submission, "zyx")


def expect_score(submission, scores, target, because=None, slack=1e-4):
    """Compare with the probability and the loss in float64."""
    exact = scores.double()
    largest = exact.max()
    log_sum = (largest + (exact - largest).exp().sum().log()).item()
    log_p = exact[target].item() - log_sum
    out = submission.score_next_char(scores, target)
    found = expect(out, because="The answer is a tuple: probability, loss, index.").is_a(tuple).length(3).value
    for place, known, words in (
        (0, math.exp(log_p), "The probability is exp of the target's score, as a share of the sum of all exp."),
        (1, -log_p, "The loss is the negative natural logarithm of the probability."),
    ):
        number = expect(found[place], because=because or words).is_a(float).value
        expect(number, because=because or words).close(known, rtol=slack, atol=slack / 10)
    greedy = max(range(len(exact)), key=exact.tolist().__getitem__)
    expect(found[2], because=because or "The index is that of the most probable character.").is_a(int).equal(greedy)


@check("score_next_char", points=1, visible=True)
def test_scores_after_h(submission):
    """Scores 1.0, 2.2, -3.0, 4.1: the target e has the probability 0.1251 and the loss 2.0785; index 3 is chosen."""
    scores = torch.tensor([1.0, 2.2, -3.0, 4.1])
    p, loss, chosen = submission.score_next_char(scores, 1)
    expect(p).is_a(float).close(0.1251, rtol=0, atol=1e-4)
    expect(loss).is_a(float).close(2.0785, rtol=0, atol=1e-4)
    expect(chosen).equal(3)
    for target in (0, 2, 3):
        expect_score(submission, scores, target)
