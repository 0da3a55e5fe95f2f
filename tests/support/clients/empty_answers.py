"""Parts of the API's answers about a session that has no results and has asked no model."""

NO_RESULTS: dict[str, object] = {
    "requirementsData": None,
    "costData": None,
    "templatePaths": [],
    "powerpointUrl": None,
    "sowUrl": None,
    "htmlUrl": None,
}
NO_USAGE: dict[str, object] = {
    "inputTokens": 0,
    "outputTokens": 0,
    "cacheReadInputTokens": 0,
    "modelCost": None,
    "modelCostCurrency": None,
}
