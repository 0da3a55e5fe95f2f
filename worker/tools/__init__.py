"""The agent's five tools: plain functions over a session's workspace in S3.

`declarations` names them; a tool reads its input from the workspace, writes its output there and answers the agent
with a short summary. Nothing here knows which agent service calls it, and nothing here writes a session.
"""
