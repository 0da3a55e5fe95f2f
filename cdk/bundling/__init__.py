"""Bundles the Lambdas: `contents` says what is in each zip file, `local_bundling` passes it to the CDK."""
