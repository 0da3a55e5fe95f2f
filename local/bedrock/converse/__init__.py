"""Bedrock's Converse on one machine: ConverseStream, with a model that asks its caller to run the tools."""
