"""AWS AppSync on one machine: GraphQL over HTTP, the real-time protocol, and the Lambda behind every root field.

It executes the SDL that the cloud executes and refuses what the cloud refuses. It never answers a root field
itself: those go to the resolvers' Lambda, as events in AppSync's form. `local`'s composition root calls
`server.create_app`; nothing else in here is meant for the outside.
"""
