"""Packs files for readers to download: a lab, or the whole site."""

import io
import zipfile


def zipped(files, folder):
    """The bytes of a zip file with these `files`, bytes by path; the same from the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in sorted(files.items()):
            info = zipfile.ZipInfo(f"{folder}/{path}")
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def pack(site, name):
    """Put the built site into one file beside its pages, to read without a network."""
    paths = [path for path in site.rglob("*") if path.is_file()]
    kept = [path for path in paths if path.suffix not in (".map", ".gz")]
    files = {path.relative_to(site).as_posix(): path.read_bytes() for path in kept}
    files.pop(f"{name}.zip", None)
    (site / f"{name}.zip").write_bytes(zipped(files, name))
