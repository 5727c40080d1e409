"""Faults that are really done: kills, full and read-only disks, locks, power cuts, clocks. `python -m tests.faults`."""

from tests.faults.homes import demo, differences, killed, rows_of, start

__all__ = ["demo", "differences", "killed", "rows_of", "start"]
