# make run and make test are all a newcomer needs; both work on a machine that
# has only Go, make and git.

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
PKG     := github.com/prometheus/common/version
LDFLAGS := -s -w -X $(PKG).Version=$(VERSION) -X $(PKG).Revision=$(shell git rev-parse --short HEAD 2>/dev/null) -X $(PKG).Branch=$(shell git rev-parse --abbrev-ref HEAD 2>/dev/null)
FUZZTIME ?= 10s

.PHONY: all help build run test test-deps mutate check-newest update dashboards grafana-schema preview lint fuzz bench bench-compare dist dist-check clean

all: build lint test

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

build: ## the programs, in bin/
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/...

run: build ## the main job, on AIPASS_HOME or on a demo host laid out for it
	@GO='$(GO)' scripts/run.sh

test: test-deps ## everything, with what it needs installed first
	$(GO) vet ./...
	$(GO) test -race -shuffle=on -timeout=20m $$($(GO) list ./... | grep -v /test/stack$$)
	$(GO) test -v -count=1 -timeout=10m ./test/stack # alone, and saying how long it took

test-deps: ## the real components that tests start
	@scripts/test-deps.sh

mutate: test-deps ## what the tests of the alert rules would not notice
	$(GO) run ./test/mutate

check-newest: test-deps ## rules and routing with the newest promtool and amtool, built first (minutes, once)
	@GO='$(GO)' scripts/check-newest.sh

update: ## write the golden files anew; read the diff before committing it
	UPDATE=1 $(GO) test ./collectors ./actions ./actions/report ./cmd/... ./test/pages
	git diff --stat

dashboards: ## format the dashboards, as the tests want them
	$(GO) run ./test/dashfmt grafana/*.json

grafana-schema: ## the schema of dashboards anew, from the types that Grafana publishes (needs npm)
	npm --prefix tools/grafana ci --no-audit --no-fund
	npm --prefix tools/grafana run schema

preview: ## pictures of the dashboards for the docs: not Grafana (needs npm and chromium)
	scripts/test-deps.sh preview
	npm --prefix tools/grafana ci --no-audit --no-fund
	$(GO) test -tags preview -count=1 -v ./test/preview

lint: ## golangci-lint, its version pinned apart from the product
	$(GO) tool -modfile=tools/golangci-lint/go.mod golangci-lint run

fuzz: ## every fuzz target for FUZZTIME
	@set -e; for pkg in $$($(GO) list ./internal/... ./actions/...); do \
	  targets=$$($(GO) test -list '^Fuzz' $$pkg); \
	  for target in $$(echo "$$targets" | sed -n '/^Fuzz/p'); do \
	    echo ">> $$pkg $$target"; \
	    $(GO) test -run='^$$' -fuzz="^$$target$$" -fuzztime=$(FUZZTIME) -fuzzminimizetime=2s $$pkg; \
	  done; done

bench: build ## Go benchmarks, then whole processes side by side
	$(GO) test -run='^$$' -bench=. -benchmem ./internal/... ./collectors ./actions/...
	$(GO) run ./test/compare

dist: ## archives, packages, bills of materials and checksums, in dist/
	@GO='$(GO)' scripts/dist.sh

dist-check: ## all that dist makes, built twice from nothing in two places: the same bytes (minutes)
	@GO='$(GO)' scripts/dist-check.sh

bench-compare: ## the hot paths beside BASE=REVISION (HEAD), judged by benchstat (minutes)
	@GO='$(GO)' scripts/bench-compare.sh

clean:
	rm -rf bin build dist
