"""A device for checks that ask for one: CUDA where the worker has it, else one that is pretended on the CPU.

`placing` chooses. The rest is the pretended device, from the bottom up:

- `looks` and `tensors`: a tensor that says ``cuda:0`` and holds its values on the CPU;
- `rules`: which operations may see tensors of both devices, and what a GPU says to the others;
- `functions` and `moves`: calls of torch's functions, where ``"cuda"`` is written;
- `generator`, `torch_cuda`: random numbers of the device, and what ``torch.cuda`` says of it;
- `swapping` and `pretended`: all of that switched on, and off again.

A student's own run imports nothing of it until a check asks for a device; a zygote has it loaded.
"""

from .placing import Placing, place

__all__ = ["Placing", "place"]
