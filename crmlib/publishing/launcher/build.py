"""Build the launcher's wheel and print its line for requirements.txt.

pip refuses to install a folder next to requirements with hashes, because there is no single file to hash.
So that ``pip install -r requirements.txt`` alone brings the command ``crmlib``, this wheel is that file. It
holds one short script, which starts the library of the checkout. Two builds are equal byte by byte.
"""

import base64
import hashlib
import io
import zipfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[2]
WHEEL = FOLDER / "crmlib_launcher-1-py3-none-any.whl"
METADATA = "crmlib_launcher-1.dist-info"


def wheel_bytes() -> bytes:
    """Content of the wheel."""
    files = {
        "crmlib_launcher.py": (FOLDER / "crmlib_launcher.py").read_bytes(),
        f"{METADATA}/METADATA": b"Metadata-Version: 2.1\nName: crmlib-launcher\nVersion: 1\n",
        f"{METADATA}/WHEEL": b"Wheel-Version: 1.0\nGenerator: crmlib\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{METADATA}/entry_points.txt": b"[console_scripts]\ncrmlib = crmlib_launcher:main\n",
    }
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in files.items())
    files[f"{METADATA}/RECORD"] = f"{record}{METADATA}/RECORD,,\n".encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


def requirement() -> str:
    """The wheel's line in requirements.txt."""
    digest = hashlib.sha256(wheel_bytes()).hexdigest()
    return f"./{WHEEL.relative_to(ROOT).as_posix()} --hash=sha256:{digest}"


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    WHEEL.write_bytes(wheel_bytes())
    print(requirement())
