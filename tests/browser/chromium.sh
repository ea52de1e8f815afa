#!/usr/bin/env bash
# Make sure that a Chrome or Chromium is there for the browser tests: use it, install it, or say how to.
set -euo pipefail
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
hint="No Chrome or Chromium found. Install it with: sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium fonts-dejavu-core"
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing Debian's chromium for the browser tests"
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium fonts-dejavu-core && exit 0
fi
echo "$hint" >&2
exit 1
