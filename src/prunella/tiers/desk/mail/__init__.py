"""Mail at the desk: what comes in becomes cases, what people answer goes out."""

from prunella.tiers.desk.mail.acknowledging import Receptionist
from prunella.tiers.desk.mail.answering import MailAnswers
from prunella.tiers.desk.mail.channels import Channels, check, without_plus
from prunella.tiers.desk.mail.taking import MailDesk

__all__ = ["Channels", "MailAnswers", "MailDesk", "Receptionist", "check", "without_plus"]
