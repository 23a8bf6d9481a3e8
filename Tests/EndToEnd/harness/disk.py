"""A small file system that can be filled."""

import contextlib
import errno
import os
import pathlib
import subprocess
from collections.abc import Iterator

from . import tools


class SmallDisk:
    """A file system in memory, mounted on a folder."""

    def __init__(self, folder: pathlib.Path, megabytes: int):
        self.folder = folder
        self.megabytes = megabytes
        self.filler = folder / "filler"

    def fill(self) -> None:
        """Leaves not one free block."""
        with self.filler.open("ab", buffering=0) as filler:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        filler.write(os.urandom(size))
                except OSError as error:
                    assert error.errno == errno.ENOSPC

    def leave(self, kilobytes: int) -> None:
        """Fills the disk but for this much."""
        self.fill()
        os.truncate(self.filler, self.filler.stat().st_size - kilobytes * 1024)

    def empty(self) -> None:
        self.filler.unlink()


@contextlib.contextmanager
def small_disk(folder: pathlib.Path, megabytes: int = 16) -> Iterator[SmallDisk]:
    tools.need_root()
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", folder], check=True)
    try:
        yield SmallDisk(folder, megabytes)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
