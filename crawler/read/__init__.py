"""Reading is pure: bytes in, typed records out. No network, no clock, no database."""
