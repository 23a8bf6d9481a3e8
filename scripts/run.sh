#!/bin/bash
# Builds Cherry and starts it. Settings: PORT (8000), CHERRY_DATA, LOCAL_MODEL=none.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

port=${PORT:-${CHERRY_PORT:-8000}}
need_port "$port"
source "$root/scripts/setup.sh" run

cd "$root"
step "Building Cherry" "up to 15 minutes the first time, seconds later" swift build -c release --product cherry
step "Building the web app" "seconds" build_web

export CHERRY_PORT=$port
export CHERRY_DATA=${CHERRY_DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/cherry}
export CHERRY_WEB_ROOT=${CHERRY_WEB_ROOT:-$root/web/dist}
if [[ -n ${local_server:-} ]]; then
    export CHERRY_LOCAL_SERVER=${CHERRY_LOCAL_SERVER:-$local_server}
    export CHERRY_LOCAL_MODEL=${CHERRY_LOCAL_MODEL:-$local_model}
fi
say "Open http://localhost:$port in a browser. What you write is kept, sealed, in $CHERRY_DATA. Ctrl-C stops Cherry."
exec .build/release/cherry serve
