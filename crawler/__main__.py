"""The crawling process: python -m crawler --home DIR --source ID [--source ID ...] [--from FILE ...] [--slot SLOT].

Named so because the reading processes that it starts import the main module of their parent again, unless it is
called `__main__`: half a second each, for nothing.
"""

import signal
import sys

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # until the crawl listens to it; what it starts leaves it to us
    from crawler.child import main

    sys.exit(main(sys.argv[1:]))
