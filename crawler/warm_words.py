"""Loaded by the process that readers are forked from: the dictionaries of the languages it was told."""

import os

from crawler.warm import LANGUAGES
from store.lemmas import lemmas_of

for _language in os.environ.get(LANGUAGES, "").split():
    lemmas_of("words", _language)
