"""What is in each Lambda's zip file (`contents`), and how the CDK gets it (`local_bundling`)."""
