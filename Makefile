# `make` alone lists what can be asked for.
SWIFT ?= swift
ROOMS := Package.swift Sources eventstore Tests
# An import that Package.swift does not declare stops the build.
DEBUG := $(SWIFT) build --build-tests --explicit-target-dependency-import-check error
RELEASE := $(SWIFT) build --configuration release --product barback --static-swift-stdlib

.PHONY: help
help: ## Lists the targets.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

.PHONY: run
run: release ## Starts the bar with the demo menu at http://localhost:8080.
	@exec .build/release/barback serve --demo

.PHONY: test
test: check ## Runs every test: check, then whole systems of real processes, then journeys in a browser.
	$(SWIFT) test --skip-build --filter SystemTests
	$(SWIFT) test --skip-build --filter BrowserTests

.PHONY: check
check: setup lint ## What must pass before a commit, in under two minutes.
	$(DEBUG)
	$(SWIFT) test --skip-build --skip 'SystemTests|BrowserTests'

.PHONY: bench
bench: release ## Measures a running bar beside nginx and PostgreSQL; writes docs/PERFORMANCE.md.
	@.ci/setup bench
	/usr/bin/python3 Tests/Bench/bench.py --binary .build/release/barback --write docs/PERFORMANCE.md

.PHONY: screenshots
screenshots: setup ## Writes what guests and hosts look at to docs/screenshots.
	$(DEBUG)
	"$$(.ci/browser | tail -n 1)" -B Tests/BrowserTests/screenshots.py .build/debug/barback docs/screenshots

.PHONY: release
release: setup
	$(RELEASE)

.PHONY: format
format: ## Rewrites the sources in the house format.
	$(SWIFT) format --in-place --recursive $(ROOMS)

.PHONY: lint
lint: ## Fails if `make format` would change anything.
	$(SWIFT) format lint --strict --recursive $(ROOMS)

.PHONY: setup
setup:
	@SWIFT="$(SWIFT)" .ci/setup
