"""The agent service on one machine: a scripted agent that speaks the wire protocol of Amazon Bedrock."""
