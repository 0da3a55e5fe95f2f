/** What `playground.js` needs of the packages, and their styles: the entry of the build. A browser loads `built/`. */

import "graphiql/style.css";

export { useGraphiQLActions } from "@graphiql/react";
export { GraphiQL } from "graphiql";
export { getOperationAST, parse } from "graphql";
export { createElement, useEffect } from "react";
export { createRoot } from "react-dom/client";
