# obdctl: build, test, lint, bench, fuzz. Everything that is needed beyond Go is pinned here and
# installed into .cache/bin by the target that needs it.

VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS     := -s -w -X main.version=$(VERSION)
FUZZTIME    ?= 5s
BIN         := $(CURDIR)/.cache/bin
GOLANGCI    := v2.15.0
GORELEASER  := v2.16.0

export CGO_ENABLED ?= 0

.PHONY: all build test race lint check bench fuzz eval eval-pictures cross pictures clean

all: build

build: ## the static binary, bin/obdctl
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/obdctl ./cmd/obdctl

test: ## every test, once plain and once with the race detector where a C compiler is there
	go vet ./...
	go test ./...
	@if command -v gcc >/dev/null || command -v clang >/dev/null; then $(MAKE) race; \
	else echo 'race detector: needs a C compiler, none found' >&2; exit 1; fi

race:
	CGO_ENABLED=1 go test -race -timeout 30m ./... # models that are trained in a test take minutes under the detector

lint: $(BIN)/golangci-lint-$(GOLANGCI) ## golangci-lint with .golangci.yml
	$(BIN)/golangci-lint-$(GOLANGCI) run ./...

check: $(BIN)/goreleaser-$(GORELEASER) ## the release configuration
	$(BIN)/goreleaser-$(GORELEASER) check

bench: ## figures, each as a ratio to its limit
	go test -run '^$$' -bench . -benchmem ./... | grep -E '^Benchmark|^cpu'

fuzz: ## every fuzz target for FUZZTIME (5s; FUZZTIME=60s for a real run)
	.ci/fuzz $(FUZZTIME)

EVAL_DATA ?= ../shared/data

eval: ## every promised figure of the models with interval, split and target (EVAL_DATA=DIR, EVAL_ONLY=part,part)
	go run ./internal/predict/evaluate/targets -data '$(EVAL_DATA)' -only '$(EVAL_ONLY)'

eval-pictures: ## draw the plots of docs/models.md anew
	go run ./internal/predict/evaluate/targets -data '$(EVAL_DATA)' -pictures docs/img/models

CROSS ?= linux/amd64 linux/arm64 linux/arm darwin/amd64 darwin/arm64 windows/amd64 windows/arm64 windows/386

cross: ## compile for every platform that is released
	@for target in $(CROSS); do \
		echo "$$target"; GOOS=$${target%/*} GOARCH=$${target#*/} GOARM=7 go build -o /dev/null ./cmd/obdctl || exit 1; \
	done

$(BIN)/golangci-lint-$(GOLANGCI):
	@mkdir -p $(BIN)
	GOBIN=$(BIN)/build go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)
	mv $(BIN)/build/golangci-lint $@

$(BIN)/goreleaser-$(GORELEASER):
	@mkdir -p $(BIN)
	GOBIN=$(BIN)/build go install github.com/goreleaser/goreleaser/v2@$(GORELEASER)
	mv $(BIN)/build/goreleaser $@

clean:
	rm -rf bin dist .cache

FREEZE := v0.2.2

pictures: build $(BIN)/freeze-$(FREEZE) ## the README's pictures, made from real output
	bin/obdctl scan --adapter 'sim:?pace=0' --color always > .cache/scan.ansi
	$(BIN)/freeze-$(FREEZE) .cache/scan.ansi --language ansi --theme charm --padding 20 --width 900 --font.size 12 --font.family 'DejaVu Sans Mono' --window --lines 0,60 -o docs/img/scan.png
	docs/img/workstation.sh bin/obdctl $(BIN)/freeze-$(FREEZE) docs/img

$(BIN)/freeze-$(FREEZE):
	@mkdir -p $(BIN)
	GOBIN=$(BIN)/build go install github.com/charmbracelet/freeze@$(FREEZE)
	mv $(BIN)/build/freeze $@
