/** Opens the playground, or says how to install it. */

const styles = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "built/graphiql.css" });

globalThis.MonacoEnvironment = {
  /**
   * @param {string} _id
   * @param {string} label the language that the worker is for
   */
  getWorker(_id, label) {
    const name = label === "json" || label === "graphql" ? label : "editor";
    return new Worker(new URL(`built/${name}.worker.js`, import.meta.url));
  },
};

const built = await fetch("built/graphiql.js", { method: "HEAD" });
if (built.ok) {
  document.head.append(styles);
  const { open } = await import("./playground.js");
  await open(document.getElementById("playground"));
} else {
  document.getElementById("playground")?.remove();
  document.getElementById("absent").hidden = false;
}
