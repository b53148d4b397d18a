"""What num2words 0.5.14 says of 0 to 9,999, as one SHA-256 a language: python tests/tools/hash_numerals.py.

tests/test_numerals.py holds the rules of gdcourse.numerals to these. Needs num2words: pip install num2words==0.5.14.
"""

import hashlib
from importlib.metadata import version

from gdcourse import numerals

VERSION = "0.5.14"
CODES = {"English": "en", "German": "de", "French": "fr"}


def digest(texts):
    """Return the SHA-256 of the texts, a line each."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def plain(text, language):
    """Return a number of num2words without commas and hyphens; German without spaces, as it is written."""
    text = text.replace(",", "").replace("-", " ")
    return text.replace(" ", "") if language == "German" else text


def main():
    from num2words import num2words

    if version("num2words") != VERSION:
        raise SystemExit(f"this is num2words {version('num2words')}; the rules were held to {VERSION}.")
    for language, code in CODES.items():
        texts = [plain(num2words(number, lang=code), language) for number in range(numerals.LIMIT)]
        print(f'    "{language}": "{digest(texts)}",')


if __name__ == "__main__":
    main()
