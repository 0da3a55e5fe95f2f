"""SOWGenerator: writes the statement of work, and then proposal.html, which sums up what both documents say.

The page comes last because it is what a reader opens first: whoever sees it can rely on the documents beside it.
"""

from collections.abc import Mapping

from worker.tools.page import generator as page
from worker.tools.sow import generator as sow
from worker.tools.workbench import Workbench
from worker.tools.workspace import PROPOSAL_PAGE


def run(workbench: Workbench) -> Mapping[str, object]:
    """Make what the workspace does not hold yet, or holds from other input."""
    answer = sow.run(workbench)
    made = page.make(workbench)
    return {**answer, "page": workbench.workspace.key(PROPOSAL_PAGE), "reused": bool(answer["reused"]) and not made}
