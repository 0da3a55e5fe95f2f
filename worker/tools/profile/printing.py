"""Prints the clients' copies of the profile's schema, default and rules, with which `scopesmith profile check` works.

`python -m worker.tools.profile.printing` writes them, and `--check` fails when one is stale. The clients import no
other room, so that they can be copied into another project.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from worker.tools.profile import reading, rules
from worker.tools.profile.checking import schema

CLIENT = Path(__file__).parents[3] / "client"
DATA = CLIENT / "profile.json"
RULES = CLIENT / "profile_rules.py"

_COMMAND = "uv run python -m worker.tools.profile.printing"
_HEAD = f"# Printed by `{_COMMAND}` from worker/tools/profile/rules.py. Change that file.\n"


def printed() -> Mapping[Path, str]:
    """The files with what they should hold."""
    data = {"schema": schema(), "default": json.loads(reading.FILE.read_text(encoding="utf-8"))}
    return {
        DATA: json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n",
        RULES: _HEAD + Path(rules.__file__).read_text(encoding="utf-8"),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or with `--check` compare them; 1 when one is stale."""
    parser = argparse.ArgumentParser(prog="python -m worker.tools.profile.printing")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")
    check = parser.parse_args(arguments).check
    stale = [path for path, text in printed().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if check:
            sys.stderr.write(f"client/{path.name} is stale: run `{_COMMAND}`\n")
        else:
            path.write_text(printed()[path], encoding="utf-8")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
