"""Hand-written fakes, which replace a service, a store, an API or a clock in tests."""
