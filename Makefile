# The ways into Vigie; the work is in scripts/. Words for a program: make run ARGS="--port 4000"
ARGS ?=
.DEFAULT_GOAL := help
.PHONY: run test dev e2e bench soak fuzz fmt help

run: ## Vigie with a simulated Twitch, on http://127.0.0.1:3000
	@scripts/run $(ARGS)

test: ## everything that must hold before a change goes in
	@scripts/test

dev: ## the same as run, and again at every change of a source
	@scripts/dev $(ARGS)

e2e: ## the browser tests alone, on what is built
	@scripts/e2e $(ARGS)

bench: ## measure; ARGS=day, queries, postgres, growth, full, export, erase, nightly, sweep, virtual-day, irc, analysis, profiles, browser or crowd for one
	@scripts/bench $(ARGS)

soak: ## endurance, big matrices, strangers that read the archive
	@scripts/soak $(ARGS)

fuzz: ## give the decoders any bytes
	@scripts/fuzz $(ARGS)

fmt: ## format the sources
	@PATH="$(CURDIR)/.tools/bin:$$PATH" cargo fmt --all

help: ## this
	@sed -n 's/^\([a-z0-9]*\): ## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-6s %s\n' "$$name" "$$what"; done
