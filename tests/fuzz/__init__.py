"""A million hostile inputs to the readers: one coverage-guided harness for each (`make fuzz`, docs/fuzzing.md)."""
