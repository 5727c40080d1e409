"""Rules version 1: is what is known current, unambiguous and reliable? Pure functions over rows (method §1-§8)."""
