"""Serves a GGUF model over an OpenAI-compatible API, with the arguments that llama-server takes.

The HTTP server and the inference are llama.cpp's own, out of the xllamacpp package; this file only reads arguments.
It ends by itself when the process that started it is gone, so that a killed parent leaves no model in memory.
"""

import argparse
import os
import pathlib
import time

import xllamacpp

PARENT_CHECK_SECONDS = 0.5


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="llama-server", description=__doc__, allow_abbrev=False)
    parser.add_argument("--model", "-m", required=True, type=pathlib.Path, help="a GGUF file")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default=8080, type=int)
    parser.add_argument("--alias", "-a", help="the model's name in answers")
    parser.add_argument("--ctx-size", "-c", default=0, type=int, help="tokens of context; 0 asks the model")
    parser.add_argument("--parallel", "-np", default=1, type=int, help="how many requests at once")
    parser.add_argument("--threads", "-t", type=int)
    parser.add_argument("--threads-http", type=int)
    parser.add_argument("--n-predict", "-n", default=-1, type=int)
    parser.add_argument("--cache-ram", type=int, help="MiB of prompts kept in memory")
    parser.add_argument("--api-key-file", type=pathlib.Path, help="a file with one key a line")
    parser.add_argument("--api-key", action="append", default=[], help=argparse.SUPPRESS)
    parser.add_argument("--log-verbosity", "-lv", type=int)
    for accepted in ("--jinja", "--no-webui", "--no-ui", "--offline", "--no-slots", "--log-disable", "--no-warmup"):
        parser.add_argument(accepted, action="store_true")
    return parser.parse_args()


def parameters(given: argparse.Namespace) -> xllamacpp.CommonParams:
    params = xllamacpp.CommonParams()
    params.model.path = str(given.model)
    params.hostnames = [given.host]
    params.port = given.port
    params.n_ctx = given.ctx_size
    params.n_parallel = given.parallel
    params.n_predict = given.n_predict
    params.ui = False
    params.offline = True
    params.endpoint_slots = False
    params.warmup = not given.no_warmup
    if given.alias:
        params.model_alias = {given.alias}
    if given.threads:
        params.cpuparams.n_threads = given.threads
    if given.threads_http:
        params.n_threads_http = given.threads_http
    if given.cache_ram is not None:
        params.cache_ram_mib = given.cache_ram
    if given.log_verbosity is not None:
        params.verbosity = given.log_verbosity
    keys = list(given.api_key)
    if given.api_key_file:
        keys += given.api_key_file.read_text().split()
    if keys:
        params.api_keys = keys
    return params


def main() -> None:
    parent = os.getppid()
    given = arguments()
    if not given.model.is_file():
        raise SystemExit(f"llama-server: there is no model at {given.model}")
    if given.log_disable:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    server = xllamacpp.Server(parameters(given))
    print(f"listening on {server.listening_address}", flush=True)
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os._exit(0)


if __name__ == "__main__":
    main()
