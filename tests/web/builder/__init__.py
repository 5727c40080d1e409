"""From texts to an archive: load (texts), render (html, feeds, gazette, govuk, pdf), schedule (plan), write (warc)."""
