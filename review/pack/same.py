"""Zips that are the same whenever they are made: entries in order, one fixed day, one way of packing."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

_EARLIEST = date(1980, 1, 1)  # a zip knows no earlier day
_STORED = (".wacz", ".docx", ".zip")  # packed already


def entry(name: str, day: date = _EARLIEST) -> zipfile.ZipInfo:
    """The head of one entry, dated on a day (not before 1980), readable by all."""
    on = max(day, _EARLIEST)
    info = zipfile.ZipInfo(name, (on.year, on.month, on.day, 0, 0, 0))
    info.external_attr, info.create_system = 0o644 << 16, 3
    info.compress_type = zipfile.ZIP_STORED if name.endswith(_STORED) else zipfile.ZIP_DEFLATED
    return info


def repacked(data: bytes, *, first: str) -> bytes:
    """The same zip without the time it was made at; `first` opens it, the others follow by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as box:
        for name in sorted(old.namelist(), key=lambda one: (one != first, one)):
            box.writestr(entry(name), old.read(name))
    return out.getvalue()


def packed(out: Path, files: Mapping[str, bytes | Path], *, folder: str, day: date) -> None:
    """Write files, given as bytes or as a path, into a new zip under one folder, in the order of their names."""
    with zipfile.ZipFile(out, "w") as box:
        for name in sorted(files):
            body = files[name]
            with box.open(entry(f"{folder}/{name}", day), "w", force_zip64=isinstance(body, Path)) as into:
                if isinstance(body, bytes):
                    into.write(body)
                    continue
                with body.open("rb") as source:
                    while chunk := source.read(1 << 20):
                        into.write(chunk)
