"""Citing a document or a passage: the footnote of COI reports, and RIS, BibTeX and CSL-JSON for reference managers."""
