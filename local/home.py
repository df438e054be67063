"""Where the laptop keeps what outlives a run, and what a run writes."""

from pathlib import Path

REPOSITORY = Path(__file__).parents[1]

RUN = REPOSITORY / ".local"
"""Logs, outputs and the derived configuration of the last run; emptied by the next."""
