#!/bin/sh
# Runs all tests on a machine that has git, Node and a package manager: installs the tools that the tests drive where it
# may, names what it could not, then `npm ci`, the gate and the end-to-end tests.
set -u
cd "$(dirname "$0")/.." || exit 1

# TOOL, or TOOL=PACKAGE. Redis carries tasks to workers; the other daemons are members of the zoo, which needs Linux.
tools='tmux lsof curl gunicorn'
[ "$(uname)" = Linux ] || tools="$tools redis-server=redis"
[ "$(uname)" != Linux ] || tools="$tools perl redis-server nginx=nginx-light postgres=postgresql"

# Debian keeps nginx and postgres outside of a user's PATH.
has() { PATH="$PATH:/usr/sbin:$(echo /usr/lib/postgresql/*/bin | tr ' ' :)" command -v "$1" >/dev/null 2>&1; }
missing() { for entry in $tools; do has "${entry%=*}" || printf '%s ' "${entry#*=}"; done; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1; then sudo -n "$@"; else return 1; fi; }

wanted=$(missing)
if [ -n "$wanted" ]; then
	echo "installing: $wanted"
	if command -v apt-get >/dev/null 2>&1; then
		# Debian's packages would leave a redis, an nginx and a postgres running as services of the system.
		policy=/usr/sbin/policy-rc.d
		[ ! -e $policy ] || policy=
		[ -z "$policy" ] || as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy"
		as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
		# shellcheck disable=SC2086
		as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted
		[ -z "$policy" ] || as_root rm -f "$policy"
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
