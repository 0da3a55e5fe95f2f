"""The budget: AWS Budgets sends a mail before the account costs more in a month than was meant.

It covers the whole account. Most of the cost is the model's, and Bedrock's calls carry no tag by which they could be
told from those of others.
"""

from aws_cdk import aws_budgets as budgets
from constructs import Construct

from cdk.settings import Settings

_NOTICES = (("ACTUAL", 80), ("FORECASTED", 100), ("ACTUAL", 100))
"""What is compared with the budget, and at how many percent of it a mail is sent."""


class Budget(Construct):
    """A monthly budget of `monthlyBudget` US dollars, which tells `budgetEmail` or `alarmEmail`."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        told = budgets.CfnBudget.SubscriberProperty(
            subscription_type="EMAIL", address=settings.budget_email or settings.alarm_email
        )
        budgets.CfnBudget(
            self,
            "Month",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=settings.monthly_budget, unit="USD"),
            ),
            notifications_with_subscribers=[
                budgets.CfnBudget.NotificationWithSubscribersProperty(
                    notification=budgets.CfnBudget.NotificationProperty(
                        notification_type=kind, comparison_operator="GREATER_THAN", threshold=percent
                    ),
                    subscribers=[told],
                )
                for kind, percent in _NOTICES
            ],
        )
