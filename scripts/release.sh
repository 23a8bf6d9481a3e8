#!/bin/bash
# Leaves what a machine needs to run Cherry under .build/dist: bin/cherry, share/web, and in libexec what writes a crash down.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$root/scripts/setup.sh" run
cd "$root"

step "Building Cherry" "up to 15 minutes the first time" swift build -c release --product cherry --static-swift-stdlib
step "Building the web app" "seconds" build_web
rm -rf .build/dist
install -D .build/release/cherry .build/dist/bin/cherry
runtime=$(swift -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
install -D "$runtime/../../libexec/swift/linux/swift-backtrace-static" .build/dist/libexec/swift-backtrace-static
mkdir -p .build/dist/share
cp -r web/dist .build/dist/share/web
say "Ready in .build/dist"
