/** Proposals for the tests of the review. */

import { sheetOf } from "../../client/web/views/review/sheet.js";

/** @typedef {import("../../client/web/api/answers.js").Proposal} Proposal */
/** @typedef {import("../../client/web/api/answers.js").Requirement} Requirement */

/**
 * @param {string} id
 * @param {Partial<Requirement>} fields
 * @returns {Requirement}
 */
export function requirement(id, fields = {}) {
  return {
    id,
    kind: "FUNCTIONAL",
    text: `The text of ${id}.`,
    lines: [],
    workPackage: "Orders",
    size: "M",
    priority: "MUST",
    hours: 40,
    ...fields,
  };
}

/**
 * @param {Partial<Proposal>} fields
 * @returns {Proposal}
 */
export function proposal(fields = {}) {
  return {
    version: 1,
    createdAt: "2026-11-22T12:00:00.000Z",
    requirements: [],
    workPackages: [],
    costData: { totalCost: 10_000, totalHours: 100, complexityLevel: "Low", currency: "EUR", lines: [] },
    lowCost: 9_000,
    highCost: 12_000,
    confidence: 0.9,
    teamSize: 3,
    duration: "10 weeks",
    startDate: "2027-01-11",
    endDate: "2027-03-19",
    deadline: null,
    discountPercent: 0,
    assumptions: [],
    risks: [],
    openQuestions: [],
    powerpointUrl: null,
    sowUrl: null,
    htmlUrl: null,
    ...fields,
  };
}

/** @param {...Requirement} requirements */
export function sheet(...requirements) {
  return sheetOf(proposal({ requirements }));
}
