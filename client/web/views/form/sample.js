/** A sample brief, so that you can try the page at once. Its notes are in a text file, which is fetched on demand. */

export const SAMPLE = {
  clientName: "Harbour & Hill Housing",
  projectName: "Repairs online",
  industry: "Real estate",
  duration: "6 months",
  teamSize: "5",
};

/** @returns {Promise<string>} */
export async function sampleNotes() {
  const answer = await fetch(new URL("./sample-brief.txt", import.meta.url));
  if (!answer.ok) throw new Error(`sample-brief.txt: HTTP ${answer.status}`);
  return answer.text();
}
