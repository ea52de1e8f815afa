#!/usr/bin/env bash
# What the tests with a real JupyterHub need, made on first use below build/: a virtual environment for each
# version of JupyterHub, with this working tree in it, and the proxy.
set -euo pipefail
cd "$(dirname "$0")/../.."

proxy=build/hub-proxy
if ! cmp -s tests/hub/package-lock.json "$proxy/.installed"; then
  mkdir -p "$proxy"
  cp tests/hub/package.json tests/hub/package-lock.json "$proxy"
  npm ci --prefix "$proxy" --no-audit --no-fund --silent
  cp tests/hub/package-lock.json "$proxy/.installed"
fi

for version in "$@"; do
  environment=build/hub-$version
  constraints=tests/hub/constraints-$version.txt
  wanted=$(cat constraints.txt "$constraints" pyproject.toml tests/hub/environment.sh | cksum)
  if [ "$(cat "$environment/.installed" 2>/dev/null)" != "$wanted" ]; then
    rm -rf "$environment"
    "${PYTHON:-python3}" -m venv "$environment"
    install=("$environment/bin/python" -m pip install -q --disable-pip-version-check -c "$constraints" -c constraints.txt)
    "${install[@]}" jupyterhub jupyterhub-idle-culler jupyterlab jupyter-server-proxy hatchling hatch-jupyter-builder jupyter-builder editables
    SKIP_JUPYTER_BUILDER=1 "${install[@]}" --no-build-isolation -e .
    echo "$wanted" > "$environment/.installed"
  fi
done
