"""The names of the files in a pack."""

PAPER = "evidence-pack"  # .docx and .html
DATA = "evidence-pack.json"
TABLE = "evidence.csv"
CAPTURES = "captures.wacz"
HASHES = "SHA256SUMS"
GENERATED = "generated.txt"
