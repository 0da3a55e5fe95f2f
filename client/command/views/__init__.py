"""What the command shows: a live view on a terminal (`live`), plain lines elsewhere (`plain`), and the agent's
`timeline`.
"""
