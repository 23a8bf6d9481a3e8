.PHONY: help run test check fuzz bench bench-bridge bench-observability release clean

help:
	@echo "make run     build Cherry and start it on http://localhost:8000 (PORT=9000 for another port)"
	@echo "make test    every test, with a real browser and the real local model"
	@echo "make check   the quick part: format, types, unit tests"
	@echo "make fuzz    look for inputs that break a reader, ten minutes each (SECONDS=60, TARGET=sse, INPUT=a file)"
	@echo "make bench   measure speed and size"
	@echo "make bench-bridge  measure the Bridge beside nginx and LiteLLM (LONG=1 watches memory for ten minutes)"
	@echo "make bench-observability  measure what figures, log, traces and the journal cost"
	@echo "make release what a machine needs to run it, under .build/dist"
	@echo "make clean   remove what was built"

run:
	@scripts/run.sh

test:
	@scripts/test.sh

check:
	@scripts/check.sh

fuzz:
	@scripts/fuzz.sh $(or $(SECONDS),600) $(TARGET) $(INPUT)

bench:
	@scripts/bench.sh

bench-bridge:
	@scripts/bench-bridge.sh $(if $(LONG),--long)

bench-observability:
	@scripts/bench-observability.sh

release:
	@scripts/release.sh

clean:
	rm -rf .build web/dist
