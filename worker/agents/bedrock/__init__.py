"""The agent adapter for Bedrock Agents: one `InvokeAgent` call, its stream read as agent events.

`invoke` makes the call and retries it, `traces` and `kinds` translate what the stream holds, `errors` says what a
failure means. `worker.handler` builds one stream for each run.
"""
