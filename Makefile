# `make` alone lists the targets. Each brings what it needs by itself; nothing outside the package registries is used.

MAKEFLAGS += --no-print-directory
export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/.tools/node/node_modules/.bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup dev demo test bench bench-size crash-matrix soak screenshot lint format build clean

help: ## list the targets
	@echo 'make TARGET'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 15

setup: ## install what the other targets need (they do it by themselves)
	@dev/bootstrap/setup.sh

dev: setup ## run Temporal, a Kubernetes API, a fake EC2 and the controller; Ctrl-C ends them (ARGS=--no-controller)
	@node --import tsx dev/dev.ts $(ARGS)

demo: setup ## show a NodeENI's life in a minute (ARGS=… for its options)
	@node --import tsx dev/demo/main.ts $(ARGS)

test: setup ## run every check and test; STEPS="unit e2e" for some, STEPS=list for their names
	@node --import tsx dev/check/main.ts $(STEPS)

bench: setup ## measure the controller at scale
	@node --import tsx dev/bench/main.ts $(ARGS)

bench-size: setup ## one NodeENI over 1,000 nodes: attach, restart, delete with a crash (ARGS="--pairs 500")
	@node --import tsx dev/bench/size.ts $(ARGS)

crash-matrix: setup ## kill the controller at every call of a pair's lives and of the audit; writes docs/reliability.md
	@node --import tsx dev/crash-matrix/main.ts $(ARGS)

soak: setup ## random faults on 200 pairs for 30 minutes (SOAK_MINUTES=… for another length)
	@node --import tsx dev/soak/main.ts $(ARGS)

screenshot: setup ## take the pictures of the Web UI in docs/images anew
	@node --import tsx dev/screenshot/main.ts

lint: setup ## types, lint rules, formatting and dependencies alone
	@node --import tsx dev/check/main.ts lint

format: setup ## rewrite files into the project's format
	@npm run --silent format
	@.venv/bin/ruff format --quiet dev/ec2 && .venv/bin/ruff check --quiet --fix dev/ec2
	@gofmt -w dev/control-plane

build: setup ## compile into dist/, with the workflow bundle
	@npm run --silent build

clean: ## remove everything that was made here (the Kubernetes API server stays in your cache)
	@rm -rf dist coverage .cache .venv .tools node_modules
