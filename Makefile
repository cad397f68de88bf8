# `make` alone lists what can be asked for.
SWIFT ?= swift
BUILD := $(SWIFT) build --explicit-target-dependency-import-check error
ROOMS := Package.swift Sources eventstore Tests

.PHONY: help
help: ## Lists the targets.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

.PHONY: build
build: ## Compiles everything; refuses an undeclared import between rooms.
	$(BUILD)

.PHONY: format
format: ## Rewrites the sources in the house format.
	$(SWIFT) format --in-place --recursive $(ROOMS)

.PHONY: lint
lint: ## Fails if `make format` would change anything.
	$(SWIFT) format lint --strict --recursive $(ROOMS)
