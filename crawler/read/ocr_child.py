"""OCRmyPDF under limits of memory and processor time, which its own children inherit. Run by `ocr` only.

python -m crawler.read.ocr_child MEMORY_BYTES CPU_SECONDS ARGUMENTS...
"""

import runpy
import sys

from store.limits import limit


def main() -> None:
    """Sets the limits and becomes `python -m ocrmypdf`."""
    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.argv = ["ocrmypdf", *sys.argv[3:]]
    runpy.run_module("ocrmypdf", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
