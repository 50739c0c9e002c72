"""`python -m snippets._weave FOLDER`: run what is stale, and write the woven docs folder there."""

import sys

from .book import WOVEN, Book

if __name__ == "__main__":
    book = Book(sys.argv[1] if sys.argv[1:] else WOVEN)
    book.update()
    sys.exit("\n".join(book.errors()) or 0)
