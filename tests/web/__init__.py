"""The web of the example archive: a small invented web under .example, built from texts written for it."""
