"""python -m tests.alerts_run INSTANT [FUNCTION:LINES]: one run of the alerts.

It kills itself (-9) so many lines of ours after that function was first called.
"""

import os
import signal
import sys
from datetime import datetime
from types import FrameType

from review.alerts.desk import run
from store.home import Home

OURS = ("/review/alerts/", "/store/")


def main() -> None:
    now = datetime.fromisoformat(sys.argv[1])
    function, _, lines = (sys.argv[2] if len(sys.argv) > 2 else "").partition(":")
    left, begun = int(lines or 0), False

    def count(frame: FrameType, event: str, _: object) -> object:
        nonlocal left, begun
        if not any(part in frame.f_code.co_filename for part in OURS):
            return None
        begun = begun or frame.f_code.co_name == function
        if event == "line" and begun:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return count

    if left:
        sys.settrace(count)
    run(Home.from_environment(), now=now)


if __name__ == "__main__":
    main()
