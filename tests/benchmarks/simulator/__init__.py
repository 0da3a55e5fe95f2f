"""The local server beside Amplify's AppSync simulator, with the same schema and the same Lambdas in Python."""
