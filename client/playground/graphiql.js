/** The entry of the build: what `playground.js` needs from the packages, and their styles. A browser loads `built/`. */

import "graphiql/style.css";

export { useGraphiQLActions } from "@graphiql/react";
export { GraphiQL } from "graphiql";
export { getOperationAST, parse } from "graphql";
export { createElement, useEffect } from "react";
export { createRoot } from "react-dom/client";
