# Tacit. `make run` and `make test` need nothing but Go and make: they install what else is missing.

# no_animations stills what Fyne animates by itself: a fading caret repaints the whole window
# at every step. sqlite_fts5 is SQLite's full-text search.
export GOFLAGS := -buildvcs=false -tags=migrated_fynedo,no_animations,sqlite_fts5
export CGO_ENABLED := 1

BIN := bin
# The protocol: what is measured by coverage and mutants. identity/vectors serves its tests.
PROTOCOL := ./identity ./identity/envelope ./identity/pairing ./identity/ratchet ./identity/session
COMMA := ,
COVERED := $(subst ./,tacit/,$(subst $() ,$(COMMA),$(PROTOCOL)))
# --version and Settings > About say what a program was built from; "+" stands for changes that are not committed.
STAMP := tacit/ui/cmd/internal/build
LDFLAGS := -s -w -X $(STAMP).version=$(shell cat packaging/VERSION 2>/dev/null) -X $(STAMP).commit=$(shell git describe --always --exclude='*' --abbrev=12 --dirty=+ 2>/dev/null)

# One thing after another, also under `make -j`: nothing may start before setup has ended.
.NOTPARALLEL:
.PHONY: help run test build check fmt vet lint unit demo demo-headless e2e screens bench deb package package-check package-windows try-deb lab run-order vectors interop mutants cover fuzz proofs proofs-accept setup setup-test setup-e2e setup-package setup-windows setup-clean-root clean

help: ## this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## build and open the window (without a display: the headless demo)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		exec $(BIN)/tacit; \
	else \
		echo "There is no display here, so no window can open. This is the headless demo instead:"; echo; \
		exec $(BIN)/demo -headless; \
	fi

test: setup-test check ## set up, then everything that CI checks

build: setup ## bin/tacit and bin/tacitd
	@mkdir -p $(BIN)
	go build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN)/ ./ui/cmd/...

check: fmt vet lint unit cover proofs ## formatting, vet, staticcheck, all tests with the race detector, coverage, the models of the handshake

fmt:
	@unformatted=$$(gofmt -l app docs identity transport storage ui); \
	if [ -n "$$unformatted" ]; then echo "not formatted (gofmt -w mends it):"; echo "$$unformatted"; exit 1; fi

vet:
	go vet ./...
	go vet -tags=interop ./identity/session

# What Windows gets of its own, as far as it compiles without that system's C compiler; make package-windows links all of it.
WINDOWS := ./app/... ./identity/... ./storage/durable ./storage/vault ./storage/backup ./storage/blobs ./transport ./transport/near ./transport/mailbox/node ./ui/chat/clip ./ui/desktop ./ui/cmd/internal/instance ./ui/voice

lint:
	go tool staticcheck ./...
	GOOS=windows CGO_ENABLED=0 go build $(WINDOWS)

unit:
	go test -race -timeout 30m ./...

proofs: ## the symbolic models of docs/proofs, each against what its comments say
	go test ./docs/proofs/check
	go run ./docs/proofs/check

proofs-accept: ## the same, and writes their table and the hashes of the specification anew
	go run ./docs/proofs/check -accept

demo: build ## two windows side by side, paired over loopback, ready to chat
	$(BIN)/demo

demo-headless: build ## the same in a terminal: two processes pair and chat
	$(BIN)/demo -headless

e2e: setup-e2e build ## two real windows under Xvfb, driven by keyboard and mouse; writes screenshots
	$(BIN)/e2e -screenshots tmp/e2e

screens: setup-e2e ## docs/screenshots and docs/screens.md anew: every screen in three languages, light and dark
	go run ./ui/cmd/screens -version '$(shell cat packaging/VERSION 2>/dev/null)'

bench: setup-e2e build ## every figure as "name value unit"
	$(BIN)/bench

# By itself it says what it needs where that is missing.
lab: build ## nodes and profiles on networks of namespaces: every path, QUIC and TCP, with packets lost (Linux, root)
	$(BIN)/lab

deb: build ## bin/tacit-mailbox_*.deb: the mailbox node as a service, for Debian
	@packaging/deb.sh $(BIN)/tacitd $(BIN)

package: setup-package ## bin/package: .deb and .tar.gz with man pages, completions and what they are built from, the same bytes for the same commit
	@packaging/package.sh $(BIN)/package

package-check: setup-package ## build the packages of the last commit twice, in two folders, and compare their hashes; CACHE=shared is quicker
	@packaging/package-check.sh

package-windows: setup-windows ## bin/windows: tacit.exe and tacitd.exe, and a .zip of them, built with mingw-w64
	@packaging/windows.sh $(BIN)/windows

try-deb: setup-clean-root package ## install the .deb in a clean root of Debian, start it there on Xvfb and purge it again (Linux, root)
	@packaging/try-deb.sh $(BIN)/package/tacit_*.deb tmp/try-deb/deb-clean-root.png

CHROMIUM ?= chromium
VECTORS := ./identity ./identity/pairing ./identity/ratchet ./identity/envelope ./identity/session ./transport/mailbox ./transport/near ./app

vectors: setup ## make every testdata/vectors/*.json anew from the code: no difference means that nothing changed on the wire
	go test -count=1 -run '^TestVectorsOf' $(VECTORS) -write-vectors

# What npm fetches stays in tmp; package-lock.json pins it by its hashes.
interop: setup ## talk with the second implementation of the protocol, in JavaScript, and exchange vectors with it; needs Node and npm
	@command -v node >/dev/null && command -v npm >/dev/null || { \
		echo "make interop runs a program on Node: install Node 20.19 or newer with npm (https://nodejs.org), then run this again."; exit 1; }
	@rm -rf tmp/interop && mkdir -p tmp/interop
	@cp identity/testdata/interop/*.mjs identity/testdata/interop/package*.json tmp/interop/
	cd tmp/interop && npm ci --ignore-scripts --no-audit --no-fund
	node tmp/interop/vectors.mjs --root .
	node tmp/interop/vectors.mjs --make tmp/interop/made
	go test -count=1 -run '^TestReplay' $(VECTORS) -vectors-root '$(CURDIR)/tmp/interop/made'
	TACIT_INTEROP='$(CURDIR)/tmp/interop' go test -tags=interop -count=1 -v -timeout 10m -run '^TestInterop' ./identity/session

run-order: setup ## ask headless Chromium again how it sets the hard strings of ui/widget/text; needs chromium
	@command -v $(CHROMIUM) >/dev/null || { echo "make run-order needs Chromium (Debian: apt install chromium), or CHROMIUM=path of one."; exit 1; }
	go test -count=1 -run '^(TestReference|TestRunOrderPage)$$' ./ui/widget/text -chromium "$$(command -v $(CHROMIUM))"
	go test -count=1 -run '^TestOrder$$' ./ui/widget/text

mutants: setup ## flip every comparison and bound of identity/... and see that a test notices
	go run ./ui/cmd/mutants $(PROTOCOL)

cover: setup ## statements of identity/... that its tests reach: at least 95 %
	@mkdir -p tmp
	go test -coverpkg=$(COVERED) -coverprofile=tmp/identity.cover $(PROTOCOL) >/dev/null
	@go tool cover -func=tmp/identity.cover | awk 'END { print; if ($$3 + 0 < 95) { print "below 95 %"; exit 1 } }'

# One fuzz target of each decoder, in the order of the layers; docs/fuzzing.md says what each asserts.
FUZZ := ./identity:FuzzParseCard ./identity:FuzzParseNodeAddress ./identity:FuzzHello \
	./identity/pairing:FuzzMessage ./identity/pairing:FuzzUnmarshal \
	./identity/ratchet:FuzzHeader ./identity/ratchet:FuzzUnmarshal \
	./identity/envelope:FuzzCell ./identity/envelope:FuzzGrant ./identity/envelope:FuzzFileCell \
	./identity/session:FuzzOpen ./identity/session:FuzzUnmarshal ./identity/session:FuzzReset ./identity/session:FuzzUnmarshalReset \
	./app:FuzzContent ./app/fold:FuzzFind ./app/picture:FuzzStrip \
	./transport:FuzzParseAnnouncement ./transport:FuzzReadFrame ./transport:FuzzReadLane ./transport/near:FuzzRead \
	./transport/mailbox:FuzzRequest ./transport/mailbox:FuzzAnswer ./transport/mailbox:FuzzKeyRecord ./transport/mailbox:FuzzPresence \
	./transport/mailbox/client:FuzzWhence ./transport/mailbox/node:FuzzServe \
	./storage/vault:FuzzOpen ./storage/cryptfs:FuzzHeader ./storage/cryptfs:FuzzDatabase \
	./storage/backup:FuzzHeader ./storage/backup:FuzzRead \
	./ui/cmd/tacitd:FuzzLines ./ui/pairing:FuzzPicture ./ui/pairing/camera:FuzzFrame ./ui/widget/text:FuzzLayout ./ui/widget/markup:FuzzParse ./ui/widget/bidi:FuzzResolve \
	./ui/voice/ogg:FuzzParse ./ui/voice/opus:FuzzDecode
FUZZTIME ?= 1m

fuzz: setup ## each fuzz target for a minute: target, executions, new inputs
	@packaging/fuzz.sh $(FUZZTIME) $(FUZZ)

setup:
	@packaging/setup.sh build

setup-test:
	@packaging/setup.sh build test

setup-e2e:
	@packaging/setup.sh build e2e

setup-package:
	@packaging/setup.sh build package

setup-windows:
	@packaging/setup.sh build windows

setup-clean-root:
	@packaging/setup.sh build package clean-root

clean: ## remove what was built
	rm -rf $(BIN) tmp
