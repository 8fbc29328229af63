#!/bin/sh
# Puts in place what the site needs and is missing: `scripts/install.sh system run|dev`, `scripts/install.sh python run|dev`.
# Debian packages are installed as root; everybody else is told the one line to run. Quick when nothing is missing.
set -eu
cd "$(dirname "$0")/.."

have_package() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
have_postgis() {
    for control in /usr/share/postgresql/*/extension/postgis.control /opt/homebrew/share/postgresql*/extension/postgis.control; do
        [ -e "$control" ] && return 0
    done
    return 1
}
have_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
have_japanese_font() { have_package fonts-noto-cjk || fc-list :lang=ja 2>/dev/null | grep -q .; }

# Playwright's driver is linked against it, and a minimal Debian does not bring it.
have_libatomic() { have_package libatomic1 || [ "$(uname)" != Linux ] || [ -e /usr/lib64/libatomic.so.1 ]; }

# Tests count tries in a real Redis of their own.
have_redis() { command -v redis-server >/dev/null; }

find_python() {
    for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.11 以上が見つかりません。sudo apt-get install python3 python3-venv を実行してください" >&2
    return 1
}

missing_packages() {
    have_postgis || [ -n "${DATABASE_URL:-}" ] || echo "postgresql postgresql-postgis"
    [ -x .venv/bin/python ] || "$(find_python)" -c 'import ensurepip, venv' 2>/dev/null || echo "python3-venv"
    [ "$1" = run ] || have_chromium || echo "chromium"
    [ "$1" = run ] || have_japanese_font || echo "fonts-noto-cjk"
    [ "$1" = run ] || have_libatomic || echo "libatomic1"
    [ "$1" = run ] || have_redis || echo "redis-server"
}

install_system() {
    packages=$(missing_packages "$1" | tr '\n' ' ')
    [ -n "$packages" ] || return 0
    command="apt-get install -y --no-install-recommends $packages"
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "足りないものがあります。次を実行してから、もう一度お試しください:" >&2
        echo "  sudo $command" >&2
        return 1
    fi
    echo "  Debianのパッケージを入れています: $packages"
    log=$(mktemp)
    if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive $command -q; } </dev/null >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "パッケージを入れられませんでした。記録: $log" >&2
        return 1
    fi
    rm -f "$log"
}

install_python() {
    requirements=requirements.txt
    [ "$1" = run ] || requirements=requirements-dev.txt
    echo "  Pythonのパッケージを入れています（${requirements}、数十秒かかります）"
    [ -x .venv/bin/python ] || "$(find_python)" -m venv .venv
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r "$requirements"
    touch ".venv/.installed-$1"
    [ "$1" = run ] || touch .venv/.installed-run
}

"install_$1" "$2"
