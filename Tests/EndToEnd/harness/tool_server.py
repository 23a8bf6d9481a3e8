"""A tool server written with the official SDK: `tool_server.py FOLDER [PORT]` speaks on its streams, or HTTP on PORT."""

import os
import pathlib
import sys
import time

import mcp_types as types
from mcp.server.mcpserver import MCPServer

folder = pathlib.Path(sys.argv[1])
server = MCPServer("test tools", version="7")


@server.tool(annotations=types.ToolAnnotations(read_only_hint=True))
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@server.tool()
def note(text: str) -> str:
    """Writes a note."""
    with (folder / "notes").open("a") as file:
        file.write(text + "\n")
    return "noted"


@server.tool(annotations=types.ToolAnnotations(read_only_hint=True))
def fail() -> str:
    """Fails."""
    raise ValueError("it did not work")


@server.tool(annotations=types.ToolAnnotations(read_only_hint=True))
def sleep(seconds: float) -> str:
    """Takes its time."""
    (folder / "sleeping").write_text(str(os.getpid()))
    time.sleep(seconds)
    return "awake"


@server.tool(annotations=types.ToolAnnotations(read_only_hint=True))
def environment() -> str:
    """Tells the names of all environment variables."""
    return ",".join(sorted(os.environ))


if __name__ == "__main__":
    print("this goes to standard error and nowhere else: canary-stderr-5190", file=sys.stderr)
    if len(sys.argv) > 2:
        server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[2]))
    else:
        server.run("stdio")
