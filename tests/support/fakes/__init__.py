"""Hand-written fakes: what a test puts in the place of a service, a store or an API."""
