#!/bin/sh
# Installs what is committed into an empty folder without this machine's caches, builds the bundle, leaves nothing behind.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
git archive HEAD | tar -x -C "$folder"
cd "$folder"
export PIP_NO_CACHE_DIR=1 BUN_INSTALL_CACHE_DIR="$folder/bun-cache"
scripts/install.sh dev
.venv/bin/python -c 'from naraigoto import bundle; bundle.build()'
echo "ロックだけから入れて、画面を組み立てられました"
