"""What the web processes have together stays together."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

LOOKS = """
import json, os, sys
from pathlib import Path
from types import SimpleNamespace
from knelpunt.commands.operations import shared_memory

class Thing(SimpleNamespace):
    pass

loaded = [Thing(name=str(number), size=float(number)) for number in range(100_000)]
holes = [str(number) + "-" for number in range(100_000)]
del holes[::2]
if sys.argv[1] == "settled":
    shared_memory.settle()
told, tells = os.pipe()
if os.fork() == 0:
    for _ in range(3):
        kept = [(thing, thing.name, thing.size) for thing in loaded]
        del kept
    new = [str(number) + "+" for number in range(40_000)]
    assert loaded[7].name == "7" and holes[1] == "3-" and new[5] == "5+"
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty"))
    os.write(tells, json.dumps(own / 1024).encode())
    os._exit(0)
os.wait()
print(os.read(told, 100).decode())
"""


def own_mib(how: str) -> float:
    """What a process has of its own, in MiB, that looked at all that was loaded before it was made."""
    done = subprocess.run((sys.executable, "-c", LOOKS, how), capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout))


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux tells what processes share")
@pytest.mark.skipif(sys.version_info[:2] not in ((3, 12), (3, 13)), reason="how objects are counted is of a version")
def test_who_looks_at_what_was_loaded_before_makes_no_copy_of_it() -> None:
    together, apart = own_mib("settled"), own_mib("as it is")
    assert apart > 25, "the loaded things are heavy enough to see"
    assert together < apart / 2
