"""Machine translation by a command that the operator declares; none is shipped."""
