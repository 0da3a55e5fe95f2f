"""The agent services on one machine: a scripted agent that speaks the wire protocols of Amazon Bedrock.

`invoke_agent` serves InvokeAgent and `converse` serves ConverseStream. Both say what `script` says, and both stream
their answers with `streaming`.
"""
