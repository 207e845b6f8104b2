# Two commands: `make run` opens the app on the sample plan, `make test` runs every test. Both set up what they need.
VENV ?= .venv
PY := $(VENV)/bin/python
PORT ?= 8501

# what pytest and Python compile is kept: without it each of the test workers compiles everything anew
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run serve test test-fast bench bench-page bench-review bench-people bench-peers soak soak-production sbom backup restore lint lock clean

run: $(VENV)/.run
	$(PY) -m streamlit run app.py --server.port $(PORT)

# the whole site as in a company, on this machine: PostgreSQL, two replicas, nginx with TLS (PORT=8443); Ctrl+C ends it
serve: $(VENV)/.run
	PORT=$(if $(filter command line,$(origin PORT)),$(PORT),8443) $(PY) deploy/serve.py

SHORT = browser and not race and not deep
# what failed in the browser is tried once more by itself, without a second browser beside it: twice is a failure
test: $(VENV)/.test lint
	$(PY) -m pytest -rs -n auto --dist worksteal -m "not browser and not deep"
	$(PY) -m pytest -rs -n 2 --dist worksteal -m "$(SHORT)" || $(PY) -m pytest -rs -m "$(SHORT)" --lf

test-fast: $(VENV)/.test
	$(PY) -m pytest -rs -n auto --dist worksteal -m "not browser and not deep"

lint: $(VENV)/.test
	$(PY) -m ruff check .
	$(PY) -m mypy model pages

bench: $(VENV)/.test
	$(PY) tests/bench/bench.py
	$(PY) tests/bench/store.py
	$(PY) tests/bench/risk.py
	$(PY) tests/bench/optimize.py

# what a review takes, then forecasts of YEARS drawn years with and without noise, a line of ratios as each is known: a minute for ten years
YEARS ?= 60
bench-review: $(VENV)/.test
	$(PY) tests/bench/review.py $(YEARS)

bench-page: $(VENV)/.test
	$(PY) tests/bench/page.py

# 50 people on one server with 5 seconds of thought; memory over 1,000 moves: about five minutes
bench-people: $(VENV)/.test
	$(PY) tests/bench/people.py

# beside squigglepy, monaco and PyMC-Marketing, each in a virtual environment of its own under build/, and scipy's SLSQP
bench-peers: $(VENV)/.test
	$(PY) tests/bench/peers.py
	$(PY) tests/bench/peers_optimize.py

# 8 writers and 8 readers for a minute, on SQLite and on the PostgreSQL at SANDTABLE_TEST_PG where that is set; then random
# walks through the app in Chromium (SEEDS="1 2 3" STEPS=500); then all tests, their long sweeps whole (tests/every.py)
soak: $(VENV)/.test
	$(PY) tests/soak/soak.py
	$(PY) tests/soak/doors.py
	$(PY) tests/soak/walk.py
	$(PY) -m pytest -rs -m race
	SANDTABLE_DEEP=1 $(PY) -m pytest -rs -n auto --dist worksteal -m "not browser"
	$(PY) -m pytest -rs -n 2 --dist worksteal -m "browser and not race and deep"

# the site of `make serve` under 20 people: ten kills in ten minutes, 100 uploads, PostgreSQL restarted, 50 people beside one
soak-production: $(VENV)/.test
	$(PY) tests/soak/production.py

# every package that the app runs on, with its version and licence (CycloneDX): build/sbom.json
sbom: $(VENV)/.run
	python3 -m venv build/sbom-tool && build/sbom-tool/bin/pip install --quiet --disable-pip-version-check cyclonedx-bom
	build/sbom-tool/bin/cyclonedx-py environment $(VENV) --pyproject pyproject.toml --output-reproducible -o build/sbom.json
	@echo build/sbom.json

# saved scenarios, of the store at SANDTABLE_DB or in data/: make backup FILE=…, make restore FILE=…
# (REST=1: what can be read of a damaged backup; without it such a one is refused, and what is damaged named)
FILE ?= data/backup.db
backup: $(VENV)/.run
	$(PY) -m model backup $(FILE)

restore: $(VENV)/.run
	$(PY) -m model restore $(FILE) $(if $(REST),--leave-out-damaged)

$(VENV)/.run: requirements.lock
	python3 -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-test.lock
	touch $@

# both lock files from the packages that pyproject.toml lists; they name versions, never a host. What is locked keeps its version
# as long as it fits (UPGRADE=--upgrade: the newest of everything)
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" build/lock/bin/pip-compile --quiet --strip-extras --annotation-style=line \
	--no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links $(UPGRADE)
lock:
	rm -rf build/lock && python3 -m venv build/lock
	build/lock/bin/pip install --quiet pip-tools
	$(COMPILE) --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra test --constraint requirements.lock --output-file requirements-test.lock pyproject.toml

clean:
	rm -rf $(VENV) build .pytest_cache .hypothesis .ruff_cache .mypy_cache
