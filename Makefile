# Two commands do all set-up themselves: `make run` and `make test`.
PYTHON := .venv/bin/python
SETUP  := @installers/setup.sh
# A file of tests may share one virtual desktop, so a worker takes whole files. Two suit a small build machine.
# One that crashed is replaced once: a test that crashes its worker every time would leave pytest waiting for ever.
PYTEST := $(PYTHON) -m tests.run -n 2 --dist loadfile --max-worker-restart=1
WITHOUT_SLOW := -m "not slow"

.DEFAULT_GOAL := help
.PHONY: help setup setup-test run demo screenshots test test-all lint bench bench-cloud bench-sync coverage lock clean

help:  ## this list
	@awk -F ':.*## +' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup:  ## make .venv and get the system libraries that DevPulse needs
	$(SETUP) run

setup-test:  ## the same for the tests
	$(SETUP) test

run:  ## start DevPulse; without a display, the demonstration
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then installers/setup.sh run && exec .venv/bin/devpulse; \
	else echo "There is no display here, so this runs the demonstration instead."; \
	exec $(MAKE) --no-print-directory demo; fi

demo:  ## a minute of driven work on a virtual display, and the report about it
	$(SETUP) demo
	@$(PYTHON) -m tests.demo

screenshots: setup-test  ## every page as a picture, in build/pictures; those of the README anew
	$(PYTHON) -m tests.pictures --data empty,day,5years --size 1280x800,1920x1080
	$(PYTHON) -m tests.pictures --page today,timeline,trends --data year --out build/pictures
	for one in today-year-light timeline-year-light trends-year-dark; do convert build/pictures/$$one-1280x800-1.png \
		+dither -colors 256 -define png:compression-level=9 docs/images/$${one%%-*}.png || exit 1; done

test: lint  ## lint, then all tests but the slow ones
	$(PYTEST) --within=45 $(WITHOUT_SLOW)

test-all: lint  ## all tests
	$(PYTEST)

lint: setup-test  ## style, floors and types
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) .venv/bin/lint-imports --no-logo
	$(PYTHON) -m basedpyright

bench: setup-test  ## measure, and print each figure beside its budget (ONLY=name for one)
	$(PYTHON) -m tests.benchmarks.run $(if $(ONLY),--only $(ONLY))

bench-cloud: setup-test  ## measure the cloud service over PostgreSQL and Redis
	$(PYTHON) -m tests.benchmarks.run --only cloud

bench-sync: setup-test  ## measure sync at a service on this machine
	$(PYTHON) -m tests.benchmarks.run --only sync

coverage: setup-test  ## how much of the pure logic the tests reach; it must be all
	$(PYTEST) $(WITHOUT_SLOW) --cov --cov-report=html
	$(PYTHON) -m tests.coverage_floor

lock:  ## pin anew what pyproject.toml asks for (needs uv)
	installers/lock.sh

clean:  ## forget set-up, caches and results
	rm -rf .venv build dist htmlcov .coverage .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
