# The entry points. `make test` is what CI runs, through .ci/run; `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Debian keeps mosquitto where only root's PATH looks.
export PATH := $(PATH):/usr/local/sbin:/usr/sbin:/sbin
export CARGO_TARGET_DIR ?= $(CURDIR)/target
# A machine that builds once gains nothing from incremental files, and they take gigabytes.
ifdef CI
export CARGO_INCREMENTAL := 0
endif

STEPS := fmt clippy test-rust test-clinic test-doc test-fhir test-dashboard test-browser
LOG := $(CARGO_TARGET_DIR)/make-test.log
TITLE = @printf '\n== %s\n'

.PHONY: help install types test check bench bench-page bench-against soak alarm-load demo picture \
	pictures $(STEPS)

help:
	@cat <<-'END'
		make demo    a whole simulated clinic at http://127.0.0.1:8080; ARGS="--speed 10" and so on
		make test    installs what the tests need where it is missing, then runs all of them
		make check   formatting and lints
		make types   the dashboard's types, after a change of what the service sends
		make bench   measures; the figures are printed, none is asserted
		make bench-page   its part about the dashboard alone; ARGS="--quick", "painted" and so on
		make bench-against REV=COMMIT   the engine's cost now and at that commit, in one run
		make soak    a day of 20 beds in-process, and two million random stories
		make alarm-load   alarms of the default presets over 200 simulated shifts
		make picture   takes the picture of the README anew
		make pictures   of all views, in sizes and as colour-blind people see them, to look at
		Steps of make test, each by itself: $(STEPS)
	END

demo:
	$(TITLE) "Simulated clinic"
	cargo run --release --locked -- demo $(ARGS)

check: fmt clippy

# The same test that fails where they are not up to date.
types: export DOSEVIGIL_TYPES := write
types:
	$(TITLE) "The types of what the service sends"
	cargo test --locked -p dosevigil --lib the_page_has_the_types_of_what_is_sent

bench: export DOSEVIGIL_UI := require
bench: install
	$(TITLE) "Benchmarks"
	cargo bench --locked -p dosevigil --bench '*' $(ARGS)
	[ -n "$(ARGS)" ] || $(MAKE) bench-page

# `cargo bench --no-run` and not `cargo build`: the same features, so nothing is compiled twice. A
# service that is there already can be named instead, as DOSEVIGIL_BIN.
bench-page picture pictures: export DOSEVIGIL_UI := require
bench-page picture pictures: export DOSEVIGIL_BIN ?= $(CARGO_TARGET_DIR)/release/dosevigil
RELEASED = [ "$(origin DOSEVIGIL_BIN)" = environment ] \
	|| cargo bench --locked -p dosevigil --bench clinic --no-run

bench-page:
	$(TITLE) "The dashboard"
	$(RELEASED)
	node tests/benches/page.mjs $(ARGS)

picture:
	$(TITLE) "The picture of the README"
	$(RELEASED)
	node tests/picture/ward.mjs

pictures:
	$(TITLE) "Pictures of all views"
	$(RELEASED)
	node tests/picture/views.mjs "$(CARGO_TARGET_DIR)/pictures"

# Both programs run on the same machine after each other, then once more: read the ratios. Each has a
# target directory of its own: Cargo takes one tree's packages for the other's where they share it.
bench-against: export CRITERION_HOME := $(CARGO_TARGET_DIR)/criterion-against
bench-against:
	$(TITLE) "The engine now and at $(REV)"
	[ -n "$(REV)" ] || { echo "Which commit? make bench-against REV=COMMIT" >&2; exit 2; }
	there="$$(mktemp -d)"
	trap 'git worktree remove --force "$$there"' EXIT
	git worktree add --quiet --detach "$$there" "$(REV)"
	measure() { cargo bench --locked -p dosevigil --bench pipeline -- 'step' "$$@"; }
	for round in first second; do
		(cd "$$there" && CARGO_TARGET_DIR="$(CARGO_TARGET_DIR)/against" measure --save-baseline "$$round")
		measure --baseline "$$round"
	done

soak: export DOSEVIGIL_SOAK := day
soak: export DOSEVIGIL_HISTORIES ?= 2000000
soak: export DOSEVIGIL_UI := require
soak: install
	$(TITLE) "A day of a clinic"
	cargo test --release --locked -p dosevigil --test soak -- --nocapture
	$(TITLE) "Random stories against the slow model, and the laws of all histories"
	cargo test --release --locked -p dosevigil --test behaviour -- --nocapture reference properties

alarm-load: export DOSEVIGIL_LOAD ?= 200
alarm-load:
	$(TITLE) "Alarm load of the default presets"
	cargo test --release --locked -p dosevigil --test load -- --nocapture

# Runs every step even after one has failed: a formatting slip should not hide a broken test. A test
# that was skipped, ignored or cancelled counts as a failure, for it did not run.
test:
	@begun=$$SECONDS failed=()
	$(MAKE) install
	mkdir -p "$(CARGO_TARGET_DIR)"
	: > "$(LOG)"
	for step in $(STEPS); do
		$(MAKE) $$step 2>&1 | tee -a "$(LOG)" || failed+=("$$step")
	done
	if grep -E '; [1-9][0-9]* ignored;|^(#|ℹ) (cancelled|skipped|todo) [1-9]' "$(LOG)"; then
		failed+=("tests-that-did-not-run")
	fi
	took=$$((SECONDS - begun))
	printf '\n== Total: %d min %d s\n' $$((took / 60)) $$((took % 60))
	if [ $${#failed[@]} -gt 0 ]; then
		printf 'Failed steps: %s\n' "$${failed[*]}" | tee -a "$(LOG)"
		exit 1
	fi

# What the tests need besides Rust and Node, as file, command or module of Python (py.NAME), each:package.
# No line of a recipe begins with a plus, a minus or an at sign: make would take it away.
NEEDS := cc:gcc cc:libc6-dev mosquitto:mosquitto mosquitto_pub:mosquitto-clients \
	chromium:chromium python3:python3 py.ensurepip:python3-venv \
	/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:fonts-dejavu-core

install:
	$(TITLE) "What the tests need"
	stop() { printf 'make install: %s\n' "$$*" >&2; exit 1; }
	command -v cargo >/dev/null || stop "no cargo; install Rust 1.95 or newer from https://rustup.rs"
	command -v npm >/dev/null || stop "no npm; install Node.js 20.19 or newer, with npm"
	old='const [a, b] = process.versions.node.split("."); process.exit(a * 1e3 + +b < 20019 ? 1 : 0)'
	node -e "$$old" \
		|| stop "Node.js $$(node --version) is too old; 20.19 or newer is needed"
	for part in rustfmt clippy; do
		cargo $${part/rustfmt/fmt} --version >/dev/null 2>&1 && continue
		command -v rustup >/dev/null || stop "cargo has no $$part, and there is no rustup to add it"
		rustup component add $$part
	done
	found() {
		case "$$1" in
			/*) [ -e "$$1" ] ;;
			py.*) python3 -c "import $${1#py.}" 2>/dev/null ;;
			*) command -v "$$1" >/dev/null ;;
		esac
	}
	missing=()
	for need in $(NEEDS); do
		found "$${need%%:*}" || missing+=("$${need##*:}")
	done
	if [ $${#missing[@]} -eq 0 ]; then
		echo "Nothing is missing."
		exit 0
	fi
	echo "Missing: $${missing[*]}"
	command -v apt-get >/dev/null \
		|| stop "no apt-get here; install these by your system's own means: $${missing[*]}"
	as_root=()
	if [ "$$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || stop "not root and no sudo; install as root: $${missing[*]}"
		as_root=(sudo)
	fi
	apt() {
		"$${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q "$$@" </dev/null
	}
	apt update || stop "apt-get update failed; install by hand: $${missing[*]}"
	apt install -y --no-install-recommends "$${missing[@]}" \
		|| stop "apt-get install failed; install by hand: $${missing[*]}"
	for need in $(NEEDS); do
		found "$${need%%:*}" || stop "$${need##*:} is installed, $${need%%:*} is still missing"
	done

fmt:
	$(TITLE) "Formatting"
	cargo fmt --all --check

# The same environment in every step, or the build script would run anew for each.
$(filter-out fmt,$(STEPS)) check: export DOSEVIGIL_UI := require

clippy:
	$(TITLE) "Lints"
	cargo clippy --workspace --all-targets --locked -- -D warnings

test-rust:
	$(TITLE) "Unit, behaviour, process and house-rule tests"
	cargo test --workspace --locked --no-fail-fast

# A clinic builds without the simulated one.
test-clinic:
	$(TITLE) "The clinic's variant"
	clinic=(-p dosevigil --locked --no-default-features --features mqtt-tls)
	cargo clippy "$${clinic[@]}" -- -D warnings
	if cargo tree "$${clinic[@]}" -e normal --prefix none | grep -E '^(simulators|rumqttd) '; then
		echo "The clinic's variant brings in parts of the demo." >&2
		exit 1
	fi

test-doc:
	$(TITLE) "Documentation"
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked

# The bundle that a unit test holds the writer to; the validator's packages come once, by hash.
test-fhir:
	$(TITLE) "The FHIR bundle against the R4 definitions"
	env="$(CARGO_TARGET_DIR)/fhir-env"
	if ! cmp -s tests/fhir/requirements.txt "$$env/requirements.txt"; then
		rm -rf "$$env"
		python3 -m venv "$$env"
		"$$env/bin/pip" install --quiet --disable-pip-version-check --require-hashes \
			-r tests/fhir/requirements.txt
		cp tests/fhir/requirements.txt "$$env/"
	fi
	"$$env/bin/python" tests/fhir/validate.py tests/vectors/export/*.fhir.json

# build.rs has fetched the packages, unless this step runs by itself.
test-dashboard:
	$(TITLE) "Dashboard: types and unit tests"
	cd src/dashboard
	[ node_modules/.package-lock.json -nt package-lock.json ] \
		|| npm ci --ignore-scripts --no-audit --no-fund
	npm test

# `cargo test --no-run` and not `cargo build`: the same features, so nothing is compiled twice.
test-browser:
	$(TITLE) "Browser tests"
	cargo test --workspace --locked --no-run
	DOSEVIGIL_BIN="$(CARGO_TARGET_DIR)/debug/dosevigil" \
		node --test --test-concurrency=1 tests/browser/*.mjs
