"""The tagging step alone, over everything a home holds: python bench/tag_step.py HOME [--rules]

--rules: without the trained head, whose encoder takes a hundred times as long as everything else.
"""

import sys
from pathlib import Path

from review import register, steps
from review.tagging import Tagger
from store.clock import utc_now
from store.db import connect, writing
from store.home import Home

if __name__ == "__main__":
    home = Home(Path(sys.argv[1]))
    conn = connect(home)
    with writing(conn):
        register.sync(conn, home.declared, at=utc_now())
    tagger = Tagger([home.declared / "groups"], learned="--rules" not in sys.argv)
    done = steps.tag_new(conn, tagger, at=utc_now())
    print(f"{done.examined} passages, {done.found} mentions")
