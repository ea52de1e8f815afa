#!/usr/bin/env bash
# Make sure that a PostgreSQL server is there for the tests of annotations: use it, install it, or say how to.
set -euo pipefail
if command -v initdb >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; then exit 0; fi
hint="No PostgreSQL found. Install it with: sudo apt-get update && sudo apt-get install -y --no-install-recommends postgresql"
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing Debian's postgresql for the tests of annotations"
  # its packages would start a server for the whole machine; the tests start one of their own
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postgresql && exit 0
fi
echo "$hint" >&2
exit 1
