"""A command under limits of memory and processor time, which its own children inherit. Run by `engine` only.

python limited.py MEMORY_BYTES CPU_SECONDS PROGRAM ARGUMENTS...
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2), Linux


def main() -> None:
    """Sets the limits and becomes the program."""
    memory_bytes, cpu_s = int(sys.argv[1]), int(sys.argv[2])
    for name, value in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, cpu_s), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(name, (value, value))
        except (ValueError, OSError) as error:  # macOS refuses RLIMIT_AS; there the wall limit remains
            print(f"limit {name} not set: {error}", file=sys.stderr)
    with contextlib.suppress(AttributeError, OSError):  # ended with whoever started it; elsewhere the limits remain
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606 - the operator's command, and no shell
    except OSError as error:
        print(f"{sys.argv[3]}: {error.strerror}", file=sys.stderr)
        sys.exit(127)


if __name__ == "__main__":
    main()
