"""python -m tests.faults.crawling SOURCE NOW SLOT DELAY: a live crawl as `coi crawl` does it.

NOW is an instant, or "now".

The only difference is the delay between two requests, which may be short for a server on this machine.
"""

import sys

from crawler.run import crawl
from crawler.source import load_sources
from store.errors import ForPeople
from store.home import Home


def main() -> int:
    name, now, slot, delay = sys.argv[1:5]
    home = Home.from_environment()
    source = load_sources([home.declared / "sources"])[name]
    try:
        (result,) = crawl(home, [source], now=None if now == "now" else now, slot=slot, local_delay_s=float(delay))
    except ForPeople as error:
        print(error)
        return 1
    print(result.status.value, result.message)
    return 1 if result.status.value == "failed" else 0


if __name__ == "__main__":
    sys.exit(main())
