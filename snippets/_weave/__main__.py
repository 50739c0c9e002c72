"""`python -m snippets._weave FOLDER`: run what is stale, and write the woven docs folder there."""

import sys
from pathlib import Path

from .book import WOVEN, Book

if __name__ == "__main__":
    folder = Path(sys.argv[1] if sys.argv[1:] else WOVEN).resolve()
    mark = folder / ".woven"
    if folder.exists() and any(folder.iterdir()) and folder != WOVEN and not mark.exists():
        sys.exit(f"{folder} is not empty, and not from here: its files would be removed")
    book = Book(folder)
    book.update()
    mark.touch()
    sys.exit("\n".join(book.errors()) or 0)
