// Serves Amplify's AppSync simulator with the project's schema, and every root field from the resolvers' Lambda.
// `beside.py` runs it, and tells it what to serve in one line of JSON on standard input. It prints its port, and ends
// when that input ends. The simulator knows no APPSYNC_JS, so the two templates below say what resolver.js does.
import { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { Agent, request as post } from "node:http";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

const require = createRequire(import.meta.url);
const { AmplifyAppSyncSimulator } = require("@aws-amplify/amplify-appsync-simulator");

const REQUEST = `{
  "version": "2018-05-29",
  "operation": "Invoke",
  "payload": {
    "arguments": $util.toJson($ctx.arguments),
    "identity": $util.toJson($ctx.identity),
    "info": {
      "fieldName": $util.toJson($ctx.info.fieldName),
      "parentTypeName": $util.toJson($ctx.info.parentTypeName),
      "selectionSetList": $util.toJson($ctx.info.selectionSetList)
    }
  }
}`;
const RESPONSE = `#if($ctx.error)
  $util.error($ctx.error.message, "Internal")
#end
#if($ctx.result && $ctx.result.error)
  $util.error($ctx.result.error.message, $ctx.result.error.type)
#end
$util.toJson($ctx.result)`;

EventEmitter.defaultMaxListeners = 0; // a listener for each subscriber is no leak

const lines = createInterface({ input: process.stdin });
lines.on("close", () => process.exit());
lines.once("line", (line) => serve(JSON.parse(line)));

async function serve({ sdl, fields, apiKey, accessKeyId, lambda, command, variables }) {
  const invoke = command ? starter(command, variables) : caller(lambda);
  const simulator = new AmplifyAppSyncSimulator({ port: 0 });
  listenHereOnly(simulator);
  simulator.init({
    schema: { content: sdl },
    appSync: {
      name: "scopesmith",
      defaultAuthenticationType: { authenticationType: "AMAZON_COGNITO_USER_POOLS", cognitoUserPoolConfig: {} },
      additionalAuthenticationProviders: [{ authenticationType: "API_KEY" }, { authenticationType: "AWS_IAM" }],
      apiKey,
      authAccessKeyId: accessKeyId,
    },
    dataSources: [{ type: "AWS_LAMBDA", name: "resolvers", invoke }],
    resolvers: fields.map(([typeName, fieldName]) => ({
      kind: "UNIT",
      typeName,
      fieldName,
      dataSourceName: "resolvers",
      requestMappingTemplate: REQUEST,
      responseMappingTemplate: RESPONSE,
    })),
  });
  await simulator.start();
  console.log(new URL(simulator.url).port);
}

// The simulator would listen on every address of the machine.
function listenHereOnly(simulator) {
  const server = simulator._server._httpServer;
  const listen = server.listen.bind(server);
  server.listen = (port) => listen(port, "127.0.0.1");
}

// Calls the Lambda's process, which is warm, over connections that are kept.
function caller(url) {
  const agent = new Agent({ keepAlive: true });
  return (payload) =>
    new Promise((resolve, reject) => {
      const sent = post(url, { method: "POST", agent }, async (response) => {
        const answer = JSON.parse(await text(response));
        if (response.headers["x-amz-function-error"]) reject(new Error(answer.errorMessage));
        else resolve(answer);
      });
      sent.on("error", reject);
      sent.end(JSON.stringify(payload));
    });
}

// Starts a process for each call, as `amplify mock` does for a Lambda in Python.
function starter([program, ...words], variables) {
  return async (payload) => {
    const started = spawn(program, [...words, JSON.stringify(payload)], {
      env: variables,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const output = await text(started.stdout);
    return JSON.parse(output.trimEnd().split("\n").at(-1)).answer;
  };
}
