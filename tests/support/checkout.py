"""The paths of this checkout's files that tests read."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"

SDL = ROOT / "schema" / "schema.graphql"
PUBLISH_DOCUMENT = ROOT / "schema" / "publish_progress.graphql"
NOTES = ROOT / "local" / "sample_notes.md"
