"""Time for the worker: the clocks (`clock`), how long to wait before a retry (`backoff`), and how long to wait for a
blocking call (`patience`).
"""
