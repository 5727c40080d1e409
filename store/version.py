"""The release, as archives, packs and requests name it."""

VERSION = "0.1"
SOFTWARE = f"coi-tracker {VERSION}"
