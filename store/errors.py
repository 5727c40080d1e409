"""Errors that a person can act on."""


class ForPeople(Exception):
    """Something is not as it should be; the message says what, where, and what to do. Commands print it as it is."""
