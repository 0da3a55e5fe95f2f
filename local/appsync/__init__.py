"""AWS AppSync on one machine: GraphQL over HTTP, the real-time protocol, and the Lambda behind every root field.

It executes the same SDL as the cloud and refuses the same requests. It never answers a root field itself: the
resolvers' Lambda does, called with events in AppSync's form. `local.stack` calls `server.create_app`; the rest of the
package is internal.
"""
