/** Opens the playground, or says how to install it. */

const place = /** @type {HTMLElement} */ (document.getElementById("playground"));
const absent = /** @type {HTMLElement} */ (document.getElementById("absent"));
const styles = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "built/graphiql.css" });

// GraphiQL's editor looks here for its workers.
Object.assign(globalThis, {
  MonacoEnvironment: {
    /**
     * @param {string} _id
     * @param {string} label the language that the worker is for
     */
    getWorker(_id, label) {
      const name = label === "json" || label === "graphql" ? label : "editor";
      return new Worker(new URL(`built/${name}.worker.js`, import.meta.url));
    },
  },
});

const built = await fetch("built/graphiql.js", { method: "HEAD" });
if (built.ok) {
  document.head.append(styles);
  const { open } = await import("./playground.js");
  await open(place);
} else {
  place.remove();
  absent.hidden = false;
}
