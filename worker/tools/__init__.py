"""The agent's five tools: functions that work on a session's workspace in S3.

A tool reads its input from the workspace, writes its output there, and answers the agent with a short summary.
`declarations` lists the tools. They don't know which agent service calls them, and they never write to a session.
"""
