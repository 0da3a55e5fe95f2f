/** A brief to try the page with. Its notes are a text file of their own, fetched when asked for. */

export const SAMPLE = {
  clientName: "Harbour & Hill Housing",
  projectName: "Repairs online",
  industry: "Real estate",
  duration: "6 months",
  teamSize: "5",
};

/** @returns {Promise<string>} */
export async function sampleNotes() {
  const answer = await fetch(new URL("./sample-brief.txt", document.baseURI));
  if (!answer.ok) throw new Error(`sample-brief.txt: HTTP ${answer.status}`);
  return answer.text();
}
