"""A command under limits of memory and processor time, which its own children inherit. Run by `engine` only.

python limited.py MEMORY_BYTES CPU_SECONDS PROGRAM ARGUMENTS...
"""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1  # prctl(2), Linux


def main() -> None:
    """Sets the limits and becomes the program."""
    sys.path.append(str(Path(__file__).parents[2]))  # started with -I -S, it knows the standard library only
    from store.limits import limit

    limit(int(sys.argv[1]), int(sys.argv[2]))
    with contextlib.suppress(AttributeError, OSError):  # ended with whoever started it; elsewhere the limits remain
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606 - the operator's command, and no shell
    except OSError as error:
        print(f"{sys.argv[3]}: {error.strerror}", file=sys.stderr)
        sys.exit(127)


if __name__ == "__main__":
    main()
