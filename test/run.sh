#!/bin/sh
# Runs all tests on a machine that has git, Node and a package manager: installs the tools that the tests drive where it
# may, names what it could not, then `npm ci`, the gate and the end-to-end tests.
set -u
cd "$(dirname "$0")/.." || exit 1

missing() { for tool in tmux lsof curl gunicorn; do command -v "$tool" >/dev/null 2>&1 || printf '%s ' "$tool"; done; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1; then sudo -n "$@"; else return 1; fi; }

wanted=$(missing)
if [ -n "$wanted" ]; then
	echo "installing: $wanted"
	if command -v apt-get >/dev/null 2>&1; then
		as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
		# shellcheck disable=SC2086
		as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted
	elif command -v brew >/dev/null 2>&1; then
		# shellcheck disable=SC2086
		brew install $wanted
	fi
fi
wanted=$(missing)
[ -z "$wanted" ] || echo "not installed, and what needs them is skipped: $wanted"

npm ci --no-audit --no-fund || exit 1
if [ -f test/fixtures/apps/package-lock.json ]; then npm ci --no-audit --no-fund --prefix test/fixtures/apps || exit 1; fi
npm test
