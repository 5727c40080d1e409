"""OCRmyPDF under limits of memory and processor time, which its own children inherit. Run by `ocr` only.

python -m crawler.read.ocr_child MEMORY_BYTES CPU_SECONDS ARGUMENTS...
"""

import resource
import runpy
import sys


def main() -> None:
    """Sets the limits and becomes `python -m ocrmypdf`."""
    memory_bytes, cpu_s = int(sys.argv[1]), int(sys.argv[2])
    for name, value in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, cpu_s), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(name, (value, value))
        except (ValueError, OSError) as error:
            print(f"limit {name} not set: {error}", file=sys.stderr)
    sys.argv = ["ocrmypdf", *sys.argv[3:]]
    runpy.run_module("ocrmypdf", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
