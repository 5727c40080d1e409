"""Crawling on several machines: the schedule hands out runs, workers crawl them, one writer takes in what they ship.

docs/scaling.md says when and how. Needs the extra `cluster`, a Redis, and a store that all machines can reach.
"""
