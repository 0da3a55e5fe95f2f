"""The content of the documents: the session's requirements, price and plan in words.

`content` has the proposal, and the other modules make its parts. Figures and statements are put into words here, once,
so that the deck, the statement of work and the page never disagree. The documents decide how they look.
"""
