"""The reminder that the API key expires: one mail a day in its last week.

AppSync has no metric of a key's age, and a CloudWatch alarm needs one. The end is known when the stack is synthesized,
so a schedule with that date sends the mail to the alarms' topic. It runs no code. Each deployment gives the key a new
end, and moves the schedule with it.
"""

import datetime as dt

from aws_cdk import Duration
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk.settings import Settings

_NOTICE_DAYS = 7


def remind_of_key(scope: Construct, topic: sns.Topic, expires: dt.datetime, settings: Settings) -> None:
    """Send a mail each day of the week before `expires`; for a key that lives no longer, one on the last day."""
    notice = dt.timedelta(days=_NOTICE_DAYS if settings.api_key_days > _NOTICE_DAYS else 1)
    text = (
        f"{settings.stack_name}: the API key expires on {expires:%d %B %Y}, and then all of its callers are refused."
        " Deploy the stack again: that gives the key a new end."
    )
    scheduler.Schedule(
        scope,
        "ApiKeyExpiry",
        description="A mail a day before the API key expires",
        schedule=scheduler.ScheduleExpression.rate(Duration.days(1)),
        start=expires - notice,
        end=expires,
        target=targets.SnsPublish(topic, input=scheduler.ScheduleTargetInput.from_text(text)),
    )
