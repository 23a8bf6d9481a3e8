#!/bin/bash
# The quick part of the tests, for use while working: format, types and unit tests; no browser.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$root/scripts/parts.sh"
source "$root/scripts/setup.sh" test
cd "$root"

export CHERRY_TEST_LLAMA_SERVER=$local_server CHERRY_TEST_MODEL=$local_model

part "Swift format" "seconds" format_lint
part "Web types" "seconds" web_types
part "Web tests" "seconds" web_tests
step "Building" "up to 15 minutes the first time" swift build --build-tests
part "Swift tests" "a few minutes" swift_tests
summary
