"""What the tests of clients share: the cases of the merge, the order of AG-UI events, and how to run JavaScript."""
