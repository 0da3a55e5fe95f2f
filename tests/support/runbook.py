"""The runbook in `cdk/README.md` as tests look at it."""

import re

from checkout import ROOT

_ROW = re.compile(r"^\| `(?P<alarm>\w+)` \| (?P<meaning>[^|]{20,}) \| (?P<remedy>[^|]{20,}) \|$", re.MULTILINE)


def entries() -> set[str]:
    """The alarms that it explains: each row says what the alarm means and what to do."""
    readme = (ROOT / "cdk" / "README.md").read_text(encoding="utf-8")
    section = readme.partition("\n## Runbook\n")[2].partition("\n## ")[0]
    found = [row["alarm"] for row in _ROW.finditer(section)]
    assert len(found) == len(set(found)) == section.count("\n| `")
    return set(found)
