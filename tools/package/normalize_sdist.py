"""Writes the source distributions of a folder again, without times and owners: the same sources give the same bytes."""

import gzip
import io
import os
import pathlib
import sys
import tarfile

EPOCH = int(os.environ["SOURCE_DATE_EPOCH"])


def normalize(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mtime = EPOCH
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.isdir() else 0o644
    return member


for path in pathlib.Path(sys.argv[1]).glob("*.tar.gz"):
    content = io.BytesIO()
    with tarfile.open(path) as source, tarfile.open(fileobj=content, mode="w", format=tarfile.GNU_FORMAT) as target:
        for member in sorted(source.getmembers(), key=lambda each: each.name):
            target.addfile(normalize(member), source.extractfile(member) if member.isfile() else None)
    path.write_bytes(gzip.compress(content.getvalue(), mtime=EPOCH))
