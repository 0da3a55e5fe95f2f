"""The sections of a statement of work by their titles, in order. A text refers to a section by its name here."""

from enum import Enum


class Title(Enum):
    """The headings of the first level."""

    PARTIES = "Parties and background"
    OBJECTIVES = "Objectives and success criteria"
    SCOPE = "Scope"
    EXCLUDED = "Out of scope"
    DELIVERABLES = "Deliverables"
    PLAN = "Plan and milestones"
    TEAM = "Team and responsibilities"
    DUTIES = "Duties of the client"
    ASSUMPTIONS = "Assumptions"
    FEES = "Fees and payments"
    ACCEPTANCE = "Acceptance"
    CHANGE = "Change control"
    TERMS = "Contract terms"
    QUESTIONS = "Open questions"
    RISKS = "Risks"
    SIGNATURES = "Signatures"
    TRACE = "From the notes to the work packages"
