"""One live crawl, tagged alongside as 'coi update' does: python bench/crawl_step.py HOME SOURCE AFTER

AFTER: nothing; rules (tag without the trained head, whose encoder takes a hundred times as long as everything else);
tag (with it). The last line is JSON: documents that are new, passages tagged, peak memory of the crawling process.
"""

import json
import sys
import threading
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from crawler import run, steps
from review import steps as review_steps
from review.alongside import tagging
from review.tagging import Tagger
from store.clock import utc_now
from store.db import connect
from store.home import Home


class Peak(threading.Thread):
    """The most resident memory that a crawling process of this one has had, in MB; looked at while it runs."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.mb = 0.0

    def run(self) -> None:
        while True:
            for child in list(run.CHILDREN):
                try:
                    status = Path(f"/proc/{child.pid}/status").read_text()
                except OSError:
                    continue
                said = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
                self.mb = max(self.mb, int(said.split()[1]) / 1000)
            threading.Event().wait(0.2)


def main(home: Home, source_id: str, after: str) -> int:
    """Crawl, tag, say what came of it."""
    peak = Peak()
    peak.start()
    by = Tagger([], learned=after == "tag") if after != "nothing" else None
    with tagging(home, by) if by else nullcontext():
        result = run.crawl(home, steps.chosen(home, [source_id]), slot="bench", local_delay_s=0)[0]
    if by:
        review_steps.tag_new(connect(home), by, at=utc_now())
    tagged = connect(home).execute("select count(*) from examinations").fetchone()[0]
    print(json.dumps({"status": result.status, "new": result.counts.new, "tagged": tagged, "peak_mb": peak.mb}))
    return 0


if __name__ == "__main__":
    sys.exit(main(Home(Path(sys.argv[1])), sys.argv[2], sys.argv[3]))
