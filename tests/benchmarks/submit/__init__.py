"""The latency of submitAssessment, in its handler and over HTTP."""
