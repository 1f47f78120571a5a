"""An assignment of three steps, as students receive it."""

import json
from pathlib import Path

MANIFEST = """
format = 1
title = "Steps"
module = "steps"

[limits]
seconds = 2
import_seconds = 2

[[exercise]]
name = "one"
title = "The first step"
hint = "It is a number, and the smallest that counts."

[[exercise]]
name = "two"
title = "The second step"
hint = "One more than one."

[[exercise]]
name = "three"
title = "The third step"
hint = "One more than two."
"""
CHECKS = '''
import torch

from torchgrade import check, expect


@check("one", visible=True)
def test_one(submission):
    """The number 1."""
    expect(submission.one()).equal(1)


@check("two", visible=True)
def test_two(submission):
    """The number 2."""
    expect(submission.two()).equal(2)


@check("three", visible=True)
def test_three(submission):
    """A tensor of the number 3."""
    expect(submission.three()).equal(torch.tensor([3]))
'''
NAMES = ("one", "two", "three")


def stub(**answers):
    """Return a student's file; what is not answered is as it was handed out."""
    bodies = {name: answers.get(name, f'raise NotImplementedError("TODO: {name}")') for name in NAMES}
    return "import torch\n" + "".join(f"\n\ndef {name}():\n    {body}\n" for name, body in bodies.items())


def notebook(**answers):
    """Return the same as a notebook."""
    return json.dumps({"cells": [{"cell_type": "code", "source": stub(**answers)}], "metadata": {}, "nbformat": 4})


def save(file, text):
    """Write a file as editors do that never leave half of one: under another name first."""
    part = file.with_name(f".{file.name}.part")
    part.write_text(text)
    part.replace(file)


def hand_out(folder: Path, title: str = "Steps") -> Path:
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text(MANIFEST.replace('"Steps"', f'"{title}"'))
    (folder / "test_steps.py").write_text(CHECKS)
    (folder / "steps.py").write_text(stub())
    return folder
