"""Identities that producers make up."""

import random


def uuid(chance: random.Random) -> str:
    """A version 4 UUID."""
    digits = f"{chance.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
