# make run    the whole site on this machine, with demo data; needs only Python 3.11+ and make
# make test   every test; needs a Chromium for the browser tests as well

# The first that can make an environment. 3.13 runs the tests in a fifth less time than 3.11.
PYTHON ?= $(firstword $(foreach name,python3.13 python3 python3.14 python3.12 python3.11,$(shell \
	$(name) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))) python3)
SET_UP = $(PYTHON) .ci/set_up.py
TEST_OPTIONS ?=
BENCH_OPTIONS ?=
export KNELPUNT_ENV ?= demo

.PHONY: run test audit sbom lint lint-style lint-format lint-types lint-imports screenshots bench
.DEFAULT_GOAL := run

run: .venv/.run-stamp knelpunt/static/vendor/.stamp
	@.venv/bin/knelpunt serve

# Python keeps what it compiled: the tests start some forty processes, and each would compile everything anew.
test: .venv/.test-stamp tests/vendor/.stamp
	@$(SET_UP) chromium $(TEST_OPTIONS)
	@env -u KNELPUNT_ENV -u PYTHONDONTWRITEBYTECODE .venv/bin/pytest $(TEST_OPTIONS)

lint: lint-style lint-format lint-types lint-imports

lint-style: .venv/.test-stamp
	@.venv/bin/ruff check .

lint-format: .venv/.test-stamp
	@.venv/bin/ruff format --check .

lint-types: .venv/.test-stamp
	@.venv/bin/mypy

lint-imports: .venv/.test-stamp
	@.venv/bin/lint-imports

# Known weaknesses and licences of everything that is locked, and what could not be seen.
audit: .venv/.test-stamp
	@.venv/bin/knelpunt audit

# The parts that the site is made of, for those who keep such lists.
sbom: .venv/.test-stamp
	@.venv/bin/knelpunt sbom > sbom.cdx.json

# The pictures in the README, from the demo as it is now.
screenshots: .venv/.test-stamp tests/vendor/.stamp
	@.venv/bin/python -m docs.screenshots $(SCREENSHOT_OPTIONS)

# How fast the pages are with many cases: BENCH_OPTIONS="--help" tells what can be chosen.
bench: .venv/.test-stamp
	@.venv/bin/python -m benchmarks.pages $(BENCH_OPTIONS)

.venv/.run-stamp: uv.lock pyproject.toml .ci/set_up.py
	@$(SET_UP) environment
	@touch $@

.venv/.test-stamp: uv.lock pyproject.toml .ci/set_up.py
	@$(SET_UP) environment --dev
	@touch $@ .venv/.run-stamp

# Without a reachable npm this makes no stamp: the site runs on its own styles, and the next run tries again.
knelpunt/static/vendor/.stamp: package-lock.json .ci/set_up.py | .venv/.run-stamp
	@$(SET_UP) frontend --optional

tests/vendor/.stamp: package-lock.json .ci/set_up.py | .venv/.test-stamp
	@$(SET_UP) frontend --with-checkers
