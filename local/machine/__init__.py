"""Finds what the laptop must have, and says in one line each what is missing."""

from local.machine.machine import Found, Machine, Missing, this_machine

__all__ = ["Found", "Machine", "Missing", "this_machine"]
