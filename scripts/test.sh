#!/bin/bash
# Runs every test: Swift, web, and end to end with the real server, a real browser and the real local model.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$root/scripts/parts.sh"
source "$root/scripts/fuzzing.sh"
source "$root/scripts/setup.sh" test
cd "$root"

export CHERRY_TEST_LLAMA_SERVER=$local_server CHERRY_TEST_MODEL=$local_model

end_to_end() { "$tests_python" -m pytest Tests/EndToEnd; }

step "Building" "up to 15 minutes the first time" swift build --build-tests
part "Swift format" "seconds" format_lint
part "Web app" "seconds" build_web
part "Web types" "seconds" web_types
part "Web tests" "seconds" web_tests
part "Swift tests" "a few minutes" swift_tests
part "Timed tests" "seconds" timed_tests
part "Fuzzing" "3 minutes" fuzz_all 10 "${fuzz_targets[@]}"
part "End to end" "up to 20 minutes" end_to_end
summary
