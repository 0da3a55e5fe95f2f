"""The agent adapter for Bedrock's Converse API: the worker holds the conversation and runs the tools itself.

`stream` is the loop of turns, `turn` puts one turn's stream together, `conversation` keeps the messages, `toolbox`
runs the tools, `errors` says what a failure means. `worker.handler` builds one stream for each run.
"""
