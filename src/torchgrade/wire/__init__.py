"""Plain data between the trusted side and the worker: no pickle, nothing executed, everything bounded."""

from .frames import FrameClosed, FrameTimeout, receive, send
from .limits import WireError, WireLimits
from .origin import Origin, origin_of, remember_origin
from .reading import unpack
from .stand_ins import Handle, Named, Opaque
from .writing import pack

__all__ = [
    "FrameClosed",
    "FrameTimeout",
    "Handle",
    "Named",
    "Opaque",
    "Origin",
    "WireError",
    "WireLimits",
    "origin_of",
    "pack",
    "receive",
    "remember_origin",
    "send",
    "unpack",
]
