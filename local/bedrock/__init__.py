"""The agent services on one machine: a scripted agent that speaks the wire protocols of Amazon Bedrock.

`invoke_agent` serves InvokeAgent and `converse` serves ConverseStream. Both say what `script` says, read a tool's
answer with `answer_text`, and stream their own with `streaming`.
"""
