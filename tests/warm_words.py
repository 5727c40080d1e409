"""Dictionaries of the languages that most crawls of the tests meet, loaded once for all their reading processes."""

from store.lemmas import lemmas_of

for _language in ("en", "nl", "ru"):
    lemmas_of("word", _language)
