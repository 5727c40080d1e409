# Two commands are all a newcomer needs: make demo, make test. The rest is for those who change things.
.PHONY: demo test check faults fuzz attacks audit bench clean
COI = .venv/bin/coi

demo: .venv/.run ## Crawl the example archive, tag, assess, open the site (PORT=8010 make demo for another port)
	$(COI) demo $(if $(PORT),--port $(PORT))

test: .venv/.dev ## Install what the tests need, then run them
	@sh .ci/chromium
	@sh .ci/wacz
	@sh .ci/tesseract
	@sh .ci/redis
	.venv/bin/python -m pytest -n 2 --dist loadfile -m "not alone"
	.venv/bin/python -m pytest -m alone

check: .venv/.dev ## Style, types, who may import whom, every declaration, the generated documents
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(COI) check

faults: .venv/.dev ## Kill, fill, lock, cut: does anything get lost? Prints a table
	.venv/bin/python -m tests.faults

fuzz: .venv/.dev ## A million hostile inputs to the readers; prints a table
	.venv/bin/python -m tests.fuzz

attacks: .venv/.dev ## Some thousand attacks on crawler and site; prints how many were refused, of how many
	.venv/bin/python -m tests.attacks

audit: .venv/.dev ## Known holes and licences of what is installed; says what could not be checked
	.venv/bin/python -m tests.audit

bench: .venv/.dev ## Measure against the peers and limits: one table of ratios (QUICK=1 make bench for minutes, not hours)
	.venv/bin/python -m bench $(if $(QUICK),--quick)

.venv/.run: pyproject.toml constraints.txt
	sh .ci/setup .
	@touch $@

.venv/.dev: pyproject.toml constraints.txt
	sh .ci/setup '.[dev,render,ocr,cluster,replica]'
	@touch $@ .venv/.run

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
