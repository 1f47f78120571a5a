"""Known wrong answers to the exercises of this assignment."""

from __future__ import annotations

import copy

import torch
from torch import nn

from torchgrade import misconception


def _leading(text, total):
    seen = []
    for entry in text.split(","):
        number = entry.strip()
        if not number.isdecimal() or int(number) >= total:
            break
        seen.append(int(number))
    return seen


@misconception(
    "visible_gpus",
    "The variable is called CUDA_VISIBLE_DEVICE.",
    hint="Nobody complains about a variable that nobody reads. Look the name up, letter by letter.",
)
def misspelt_name(env, total):
    if "CUDA_VISIBLE_DEVICE" not in env:
        return list(range(total))
    return _leading(env["CUDA_VISIBLE_DEVICE"], total)


@misconception(
    "visible_gpus",
    "An empty setting is no setting.",
    hint="Set to nothing means: no card at all. It is a usual way to keep a program on the CPU. Ask whether the name is there.",
)
def empty_means_all(env, total):
    text = env.get("CUDA_VISIBLE_DEVICES")
    return _leading(text, total) if text else list(range(total))


@misconception(
    "visible_gpus",
    "The cards are counted in ascending order.",
    hint="The order of the setting is the order of counting: the first entry becomes cuda:0.",
)
def sorted_ids(env, total):
    if "CUDA_VISIBLE_DEVICES" not in env:
        return list(range(total))
    return sorted(_leading(env["CUDA_VISIBLE_DEVICES"], total))


@misconception(
    "visible_gpus",
    "An entry that means nothing is passed over.",
    hint="The first bad entry ends the list. What comes after it is not looked at, good or bad.",
)
def skips_invalid(env, total):
    if "CUDA_VISIBLE_DEVICES" not in env:
        return list(range(total))
    entries = [entry.strip() for entry in env["CUDA_VISIBLE_DEVICES"].split(",")]
    return [int(entry) for entry in entries if entry.isdecimal() and int(entry) < total]


@misconception(
    "shard_batch",
    "torch.chunk gives as many parts as one asks for.",
    hint="chunk makes parts of one size until nothing is left: the last is short, and there may be fewer parts. tensor_split shares out.",
)
def chunk(x, y, workers):
    return list(zip(x.chunk(workers), y.chunk(workers)))


@misconception(
    "shard_batch",
    "Each worker gets the number of samples divided by the number of workers.",
    hint="The division leaves a remainder, and these samples belong to somebody too. Add up the sizes of the shards.",
)
def drop_remainder(x, y, workers):
    size = len(x) // workers
    return [(x[k * size : (k + 1) * size], y[k * size : (k + 1) * size]) for k in range(workers)]


@misconception(
    "shard_batch",
    "Samples may be dealt out like cards.",
    hint="x[i::n] takes every n-th sample. A shard is a piece of the batch: its samples are neighbours.",
)
def strided(x, y, workers):
    return [(x[k::workers], y[k::workers]) for k in range(workers)]


def _shard_gradients(model, loss_fn, shards):
    found = []
    for x, y in shards:
        if len(x):
            replica = copy.deepcopy(model)
            found.append(torch.autograd.grad(loss_fn(replica(x), y), list(replica.parameters())))
    return found


@misconception(
    "data_parallel_gradients",
    "The gradient of the batch is the mean of the shards' gradients.",
    hint="That is so for shards of one size. A shard of 9 samples has to count nine times as much as one of 1.",
)
def plain_mean(model, loss_fn, shards):
    return [torch.stack(grads).mean(0) for grads in zip(*_shard_gradients(model, loss_fn, shards))]


@misconception(
    "data_parallel_gradients",
    "Gradients of shards add up to the gradient of the batch.",
    hint="Sums would, but each shard gives a mean. Three equal shards, added, give three times too much.",
)
def plain_sum(model, loss_fn, shards):
    return [torch.stack(grads).sum(0) for grads in zip(*_shard_gradients(model, loss_fn, shards))]


@misconception(
    "data_parallel_gradients",
    "The model itself may do the work of all its replicas.",
    hint="backward on the master adds to the master's .grad, shard after shard, and leaves it there. Work on copies.",
)
def one_model_for_all(model, loss_fn, shards):
    for x, y in shards:
        if len(x):
            loss_fn(model(x), y).backward()
    return [p.grad.clone() for p in model.parameters()]


@misconception(
    "data_parallel_gradients",
    "After the loop the gradients are there.",
    hint="A list that is made anew for each shard holds the last shard's gradients in the end. Add each shard's to what you have.",
)
def last_shard_only(model, loss_fn, shards):
    for x, y in shards:
        if len(x):
            replica = copy.deepcopy(model)
            gathered = list(torch.autograd.grad(loss_fn(replica(x), y), list(replica.parameters())))
    return gathered


@misconception(
    "split_layer",
    "A layer is cut along its inputs.",
    hint="weight has one row for each output feature. Cut the columns and each piece gives a part of every sum, not some of the sums.",
)
def split_inputs(x, weight, bias, parts):
    pieces = zip(x.tensor_split(parts, dim=1), weight.tensor_split(parts, dim=1))
    return torch.cat([some_x @ some.T for some_x, some in pieces], dim=1) + bias


@misconception(
    "split_layer",
    "Every piece of a layer needs the bias.",
    hint="A piece with three output features has three elements of the bias: cut it as you cut the weight.",
)
def bias_in_every_piece(x, weight, bias, parts):
    return torch.cat([x @ some.T + bias for some in weight.tensor_split(parts)], dim=1)


@misconception(
    "split_layer",
    "Pieces are joined along the first axis.",
    hint="Each piece has all samples and some of the features. Which axis of (B, features) grows when the pieces are joined?",
)
def joined_along_batch(x, weight, bias, parts):
    pieces = zip(weight.tensor_split(parts), bias.tensor_split(parts))
    return torch.cat([x @ some.T + offset for some, offset in pieces])


@misconception(
    "split_layer",
    "Only the numbers count.",
    hint="The layer is split because it is too large for one device. A single product with all the features does not split anything.",
)
def not_split(x, weight, bias, parts):
    whole = x @ weight.T + bias
    return torch.cat(whole.tensor_split(parts, dim=1), dim=1)


def _refuse(model, cuts):
    edges = [0, *cuts, len(model)]
    if any(start >= end for start, end in zip(edges, edges[1:])):
        raise ValueError("cuts must increase, strictly inside the model")
    return list(zip(edges, edges[1:]))


@misconception(
    "split_stages",
    "A stage on another device needs layers of its own.",
    hint="Copies compute the same, but gradients stay with the copies and the model never learns. Put the very layers into the stages.",
)
def copied_layers(model, cuts):
    return [nn.Sequential(*copy.deepcopy(list(model)[start:end])) for start, end in _refuse(model, cuts)]


@misconception(
    "split_stages",
    "The layer at a cut belongs to both stages.",
    hint="Then it runs twice. A slice [a:b] ends before b, which is just what neighbouring stages need.",
)
def overlap(model, cuts):
    return [model[start : end + 1] for start, end in _refuse(model, cuts)]


@misconception(
    "split_stages",
    "Slicing complains about bad cuts by itself.",
    hint="A slice never complains: it is empty, or ends early. Compare each cut with its neighbours and with both ends.",
)
def no_validation(model, cuts):
    edges = [0, *cuts, len(model)]
    return [model[start:end] for start, end in zip(edges, edges[1:])]


def _clouds(draw):
    labels = torch.arange(300) % 3
    points = 4 * torch.eye(3)[labels] + 0.7 * torch.randn(300, 3, generator=draw)
    return points, labels, torch.randperm(300, generator=draw)


def _build():
    return nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 3))


def _fit(model, points, labels):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(60):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(points), labels).backward()
        optimizer.step()


def _accuracy(model, points, labels):
    with torch.no_grad():
        return (model(points).argmax(1) == labels).double().mean().item()


def _reloaded(path):
    model = _build()
    model.load_state_dict(torch.load(path, weights_only=True))
    return model


@misconception(
    "run_experiment",
    "When the data are seeded, the experiment is.",
    hint="nn.Linear draws its first weights too, from torch's global generator. Seed that before the network is built.",
)
def unseeded_weights(seed, path):
    points, labels, order = _clouds(torch.Generator().manual_seed(seed))
    train, test = order[:240], order[240:]
    model = _build()
    _fit(model, points[train], labels[train])
    torch.save(model.state_dict(), path)
    accuracy = _accuracy(_reloaded(path), points[test], labels[test])
    return {"accuracy": accuracy, "train": train.tolist(), "test": test.tolist()}


@misconception(
    "run_experiment",
    "The more points to train on, the better.",
    hint="A network that has seen the test points is not tested by them. No number may be in both parts.",
)
def test_in_train(seed, path):
    torch.manual_seed(seed)
    points, labels, order = _clouds(None)
    test = order[240:]
    model = _build()
    _fit(model, points, labels)
    torch.save(model.state_dict(), path)
    accuracy = _accuracy(_reloaded(path), points[test], labels[test])
    return {"accuracy": accuracy, "train": order.tolist(), "test": test.tolist()}


@misconception(
    "run_experiment",
    "A fresh network of the same layers is the network that was saved.",
    hint="Its layers are of the same sizes, and its weights are random. Read the file and load it into the network before you judge.",
)
def fresh_model_scored(seed, path):
    torch.manual_seed(seed)
    points, labels, order = _clouds(None)
    train, test = order[:240], order[240:]
    model = _build()
    _fit(model, points[train], labels[train])
    torch.save(model.state_dict(), path)
    return {
        "accuracy": _accuracy(_build(), points[test], labels[test]),
        "train": train.tolist(),
        "test": test.tolist(),
    }
