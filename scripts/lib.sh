# Shared by the scripts beside it: messages, time-keeping and what each kind of work needs. Source it, do not run it.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/cherry
python=/usr/bin/python3

say() { printf '==> %s\n' "$*"; }

# fail EXIT-CODE WHAT [WHAT TO DO …]: says what went wrong and what mends it, and ends. Codes are those of sysexits.
fail() {
    local code=$1
    shift
    printf '\ncherry: %s\n' "$1" >&2
    shift
    (($# == 0)) || printf '    %s\n' "$@" >&2
    exit "$code"
}

# step NAME EXPECTED COMMAND…: runs a step and says how long it took.
step() {
    local name=$1 expected=$2 started=$SECONDS
    shift 2
    say "$name ($expected)"
    "$@" || return $?
    say "$name: done in $((SECONDS - started)) s"
}

# quietly COMMAND…: keeps a command's output to itself unless it fails.
quietly() {
    local output
    output=$(mktemp)
    if "$@" >"$output" 2>&1; then
        rm -f "$output"
        return 0
    fi
    tail -n 25 "$output" >&2
    rm -f "$output"
    return 1
}

# lines FILE: its lines without comments.
lines() { grep -v '^#' "$1"; }

need_swift() {
    command -v swift >/dev/null || fail 69 "Swift was not found, and Cherry is built with it." \
        "Install Swift 6.2 or newer for Debian 12 as the install page of the Swift project (swift.org) says," \
        "put its usr/bin folder on your PATH, check that 'swift --version' answers, and run this again."
    local version
    version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -n 1)
    local major=${version% *} minor=${version#* }
    ((${major:-0} > 6 || (${major:-0} == 6 && ${minor:-0} >= 2))) || fail 69 \
        "Swift ${major:-?}.${minor:-?} is too old: Cherry needs 6.2 or newer." \
        "Install a newer toolchain as the install page of the Swift project (swift.org) says, and run this again."
}

# need_space FOLDER MEBIBYTES WHAT-FOR
need_space() {
    local free
    mkdir -p "$1" 2>/dev/null || fail 73 "The folder $1 cannot be made." "Check that its parent may be written to."
    free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
    ((free >= $2)) || fail 74 "Only $free MB are free where $1 is; $3 needs $2 MB." \
        "Make room there and run this again ('make clean' removes what was built)."
}

missing_packages() {
    local package
    for package in "$@"; do
        [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
    done
}

# need_packages LIST…: installs what is missing of the Debian packages in scripts/packages/LIST.txt.
need_packages() {
    local list wanted=() missing
    command -v dpkg-query >/dev/null || fail 69 "This is not a Debian system: dpkg-query was not found." \
        "The packages that are needed are listed in scripts/packages."
    for list in "$@"; do
        mapfile -t -O "${#wanted[@]}" wanted < <(lines "$root/scripts/packages/$list.txt")
    done
    mapfile -t missing < <(missing_packages "${wanted[@]}")
    ((${#missing[@]} > 0)) || return 0
    ((EUID == 0)) || fail 77 "Debian packages are missing, and installing them needs root. Run this, then try again:" \
        "sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
    step "Debian packages: ${missing[*]}" "a minute or two" install_packages "${missing[@]}"
}

install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    # The tests start what they need by themselves: no service begins to run because its package is here.
    local policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        trap 'rm -f /usr/sbin/policy-rc.d' RETURN
    fi
    if quietly apt-get -o Acquire::Retries=1 update &&
        quietly apt-get -y -o Acquire::Retries=1 install --no-install-recommends "$@"; then
        return 0
    fi
    fail 69 "Debian packages could not be installed: $*" \
        "If the lines above speak of resolving or connecting, there is no network: connect and run this again." \
        "Otherwise run 'apt-get install $*' by hand to see what is in its way."
}

# environment NAME: where the Python environment of scripts/python/NAME.txt is; another list makes another place.
environment() {
    local key
    key=$(cat "$root/scripts/python/$1.txt" "$root/scripts/python/llama_server.py" <("$python" -V) | sha256sum | cut -c1-16)
    printf '%s\n' "$cache/$1-$key"
}

# need_environment NAME MEBIBYTES: makes the environment unless it is there, whole.
need_environment() {
    local name=$1 place
    place=$(environment "$name")
    [[ ! -e $place/.complete ]] || return 0
    need_space "$cache" "$2" "the Python environment '$name'"
    exec {lock}>"$cache/lock"
    flock "$lock"
    [[ -e $place/.complete ]] || step "Python environment '$name'" "a minute" make_environment "$name" "$place"
    exec {lock}>&-
}

make_environment() {
    rm -rf "$2"
    quietly "$python" -m venv "$2" || fail 69 "A Python environment could not be made in $2." \
        "On Debian 'sudo apt-get install python3-venv' brings what it needs."
    quietly "$2/bin/pip" install --disable-pip-version-check --retries 1 --no-deps --only-binary :all: --require-hashes \
        -r "$root/scripts/python/$1.txt" || {
        rm -rf "$2"
        fail 69 "The Python packages of '$1' could not be fetched." \
            "If the lines above speak of resolving or connecting, there is no network: connect and run this again." \
            "To start without the local model: make run LOCAL_MODEL=none"
    }
    touch "$2/.complete"
}

need_models() {
    need_environment models 1000
    local place launcher
    place=$(environment models)
    launcher=$place/bin/llama-server
    if [[ ! -x $launcher ]]; then
        cp "$root/scripts/python/llama_server.py" "$place/llama_server.py"
        printf '#!/bin/sh\nexec "%s/bin/python" "%s/llama_server.py" "$@"\n' "$place" "$place" >"$launcher.new"
        chmod +x "$launcher.new"
        mv "$launcher.new" "$launcher"
    fi
    local_server=$launcher
    local_model=$(find "$place/lib" -name '*.gguf' | head -n 1)
}

need_tests_environment() {
    need_environment tests 700
    tests_python=$(environment tests)/bin/python
}

# What errors are reported to in the tests.
need_sentry_environment() {
    need_environment sentry 400
    sentry_python=$(environment sentry)/bin/python
}

# need_build_space CONFIGURATION: a first build is big, a later one is not.
need_build_space() {
    if [[ -x $root/.build/$1/cherry ]]; then
        need_space "$root" 500 "building"
    else
        need_space "$root" 4000 "a first build"
    fi
}

# need_port PORT: nobody else may listen there.
need_port() {
    local hexadecimal inode pid
    [[ $1 =~ ^[0-9]+$ ]] && (($1 >= 1 && $1 <= 65535)) || fail 64 "'$1' is not a port." \
        "Choose one from 1 to 65535: make run PORT=9000"
    hexadecimal=$(printf '%04X' "$1")
    inode=$(awk -v port=":$hexadecimal\$" '$2 ~ port && $4 == "0A" { print $10 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null | head -n 1)
    [[ -n $inode ]] || return 0
    pid=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" 2>/dev/null | cut -d/ -f3 | head -n 1 || true)
    if [[ -n $pid ]]; then
        pid="process $pid ($(cat "/proc/$pid/comm"))"
    fi
    fail 69 "Port $1 is taken by ${pid:-a process of another user}." \
        "End it, or choose another port: make run PORT=$(($1 < 65535 ? $1 + 1 : 8001))"
}

build_web() { (cd "$root" && node web/build.mjs); }
