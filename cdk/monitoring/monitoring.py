"""The dashboard and the alarms: do sessions succeed, do they start soon, and do clients see them live?"""

import datetime as dt

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from cdk.monitoring.alarms import Watched, watched
from cdk.monitoring.budget import Budget
from cdk.monitoring.dashboard import rows
from cdk.monitoring.key_expiry import remind_of_key
from cdk.monitoring.metrics import Sources


class Monitoring(Construct):
    """The dashboard, the alarms, and the topic that sends them."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        sources: Sources,
        key_expires: dt.datetime | None,
    ) -> None:
        """`key_expires` is the end of the API key, if there is one."""
        super().__init__(scope, id_)
        settings = sources.settings
        self.topic = sns.Topic(self, "Alarms", enforce_ssl=True)
        # enforce_ssl replaces the default policy, which would let the account's own alarms publish.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        if settings.alarm_email:
            self.topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_email))
        if settings.monthly_budget:
            Budget(self, "Budget", settings=settings)
        if key_expires:
            remind_of_key(self, self.topic, key_expires, settings)
        self.alarms = [self._alarm(one) for one in watched(sources)]
        # A dashboard's name is the account's, whatever the region: another region's stack must have its own.
        name = f"{settings.stack_name}-{Stack.of(self).region}"
        self.dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=name)
        self.dashboard.add_widgets(cloudwatch.AlarmStatusWidget(alarms=self.alarms, title="Alarms", width=24))
        for row in rows(sources):
            self.dashboard.add_widgets(*row)

    def _alarm(self, watched: Watched) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            self,
            watched.name,
            metric=watched.metric,
            threshold=watched.threshold,
            evaluation_periods=watched.periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=watched.advice,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))
        alarm.add_ok_action(actions.SnsAction(self.topic))
        return alarm
