#!/bin/bash
# Installs what building and running need ('setup.sh run'), or what the tests need too ('setup.sh test').
# What is there already is left alone, so a second run ends at once.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-run} in
run)
    need_swift
    need_build_space release
    need_packages run
    [[ ${LOCAL_MODEL:-} == none ]] || need_models
    ;;
test)
    need_swift
    need_build_space debug
    need_packages run test
    need_models
    need_tests_environment
    need_sentry_environment
    ;;
*) fail 64 "'$1' is not something to set up." "Use 'run' or 'test'." ;;
esac
