"""Limits of memory and processor time for a process that does what may run away. Its own children inherit them."""

import sys


def limit(memory_bytes: int, cpu_s: int, *, renewed: bool = False) -> None:
    """Set the limits of this process: address space, processor time in seconds from its start, no core file.

    `renewed`: seconds from now on, and the next call may set other limits (only the soft ones are set). A limit that
    this system refuses (macOS: memory) is said on standard error, and the wall limit of whoever waits remains.
    """
    import resource

    if renewed:
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu_s += int(used.ru_utime + used.ru_stime) + 1
    for name, value in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, cpu_s), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(name, (value, resource.getrlimit(name)[1] if renewed else value))
        except (ValueError, OSError) as error:
            print(f"limit {name} not set: {error}", file=sys.stderr)
