#!/bin/sh
# Puts in place what the site (`run`) or its developers (`dev`) need and is missing: `scripts/install.sh run|dev`.
# Debian packages are installed as root; everybody else is told the one line to run. Quick when nothing is missing.
set -eu
cd "$(dirname "$0")/.."
# make puts the environment first on PATH; what makes it anew must not run inside it.
PATH=${PATH#"$PWD/.venv/bin:"}

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

# The fast tests run at other moments, too (scripts/at_moment.py).
have_libfaketime() {
    for library in /usr/lib/*/faketime/libfaketime.so.1 /usr/lib*/faketime/libfaketime.so.1; do
        [ -e "$library" ] && return 0
    done
    [ "$(uname)" != Linux ]
}

supported() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; }

find_python() {
    for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if supported "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    # A name that fails where it is used, so that what is missing is said once, by missing_packages.
    echo python3
}

missing_packages() {
    have_postgis || [ -n "${DATABASE_URL:-}" ] || echo "postgresql postgresql-postgis"
    supported "$python" || echo "python3"
    "$python" -c 'import ensurepip, venv' 2>/dev/null || echo "python3-venv"
    [ "$1" = run ] || have_chromium || echo "chromium"
    [ "$1" = run ] || have_japanese_font || echo "fonts-noto-cjk"
    [ "$1" = run ] || have_libatomic || echo "libatomic1"
    [ "$1" = run ] || have_redis || echo "redis-server"
    [ "$1" = run ] || have_libfaketime || echo "libfaketime"
}

install_system() {
    packages=$(missing_packages "$1" | tr '\n' ' ')
    packages=${packages% }
    [ -n "$packages" ] || return 0
    # Another copy may be installing at the same time.
    command="apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $packages"
    if ! command -v apt-get >/dev/null; then
        echo "次のもの（Debian でのパッケージ名）を入れてから、もう一度お試しください: $packages" >&2
        return 1
    fi
    if [ "$(id -u)" != 0 ]; then
        echo "足りないものがあります。次の1行を実行してから、もう一度お試しください:" >&2
        if command -v sudo >/dev/null; then
            echo "  sudo apt-get update && sudo $command" >&2
        else
            echo "  su -c 'apt-get update && $command'" >&2
        fi
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
    python=$(find_python)
}

python=$(find_python)
install_system "$1"
exec "$python" -I scripts/install.py "$1"
