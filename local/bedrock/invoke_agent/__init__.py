"""Bedrock Agents on one machine: InvokeAgent, with an agent that calls its tools by an action-group Lambda."""
