"""Asks a deployed stack what only AWS decides, and prints a table of the answers.

    python3 infra/operate/smoke --stack latchkey-dev

It needs boto3, and credentials of AWS in its usual places that may read the stack and the operator's secret. It changes
nothing but the day of last use of the operator's secret. With --destructive it also makes an account of its own, signs in,
rotates the signing keys, floods the API, restores a table, and deletes and deploys the stack again: never in the stage
prod, and never where there are accounts that it has not made.
"""

import argparse
import sys

import code_flow
import delivery
import destructive
import services
from botocore.exceptions import BotoCoreError, ClientError
from deployment import Deployment, Differs, NotAsked

QUESTIONS = {
    "token": delivery.token,
    "metadata": delivery.metadata,
    "challenge": delivery.challenge,
    "headers": delivery.common_headers,
    "head": delivery.head,
    "trailing-slash": delivery.trailing_slash,
    "odd-targets": delivery.odd_targets,
    "odd-requests": delivery.odd_requests,
    "member-paths": delivery.member_paths,
    "last-used-on": services.use_is_noted,
    "rotation-schedule": services.rotation_is_scheduled,
    "throttling": services.throttling,
    "mail": services.mail,
    "alarms": services.alarms,
    "untried": services.untried,
}
DESTRUCTIVE = {
    "code-flow": code_flow.code_flow,
    "rotation": destructive.rotation,
    "flood": destructive.flood,
    "alarm-returns": destructive.alarm_returns,
    "restore": destructive.restore,
    "redeploy": destructive.redeploy,
}


def question_and_reason(text):
    """A question that is not asked, and why: the reason is in the table, so that a reader knows what is still open."""
    question, _, reason = text.partition("=")
    if question not in QUESTIONS | DESTRUCTIVE:
        raise argparse.ArgumentTypeError(f"{question!r} is none of {', '.join(QUESTIONS | DESTRUCTIVE)}")
    return question, reason


def read_arguments():
    every = sorted(QUESTIONS | DESTRUCTIVE)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stack", required=True, help="name of the stack")
    parser.add_argument("--region")
    parser.add_argument("--profile")
    parser.add_argument("--destructive", action="store_true", help="ask what changes the deployment, too")
    parser.add_argument("--only", nargs="+", choices=every, metavar="QUESTION", help="ask these only")
    parser.add_argument(
        "--skip", nargs="+", type=question_and_reason, default=[], metavar="QUESTION[=WHY]", help="do not ask these"
    )
    parser.add_argument("--mail", metavar="ADDRESS", help="mailbox for code-flow; in SES's sandbox a verified address")
    parser.add_argument("--code-command", metavar="COMMAND", help="prints the mailed code; else it is asked for")
    parser.add_argument("--flood", type=int, default=5_000, metavar="N", help="requests that flood sends")
    parser.add_argument("--wait", type=float, default=60, metavar="MINUTES", help="the longest wait for AWS")
    return parser.parse_args()


def ask(question, deployment):
    """The answer, and what was found. Any failure is one: the others are asked all the same."""
    try:
        return "ok", question(deployment)
    except NotAsked as reason:
        return "not asked", str(reason)
    except Differs as difference:
        return "DIFFERS", str(difference)
    except (BotoCoreError, ClientError, OSError, KeyError, ValueError) as error:
        return "FAILED", f"{type(error).__name__}: {error}"


def main():
    arguments = read_arguments()
    try:
        deployment = Deployment(arguments)
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"The stack {arguments.stack} cannot be read: {error}")
    questions = {**QUESTIONS, **DESTRUCTIVE} if arguments.destructive else QUESTIONS
    skipped = dict(arguments.skip)
    chosen = [name for name in questions if name not in skipped]
    chosen = [name for name in chosen if not arguments.only or name in arguments.only]
    print(f"{arguments.stack}, stage {deployment.stage}, {deployment.outputs['Issuer']}\n")
    failed = 0
    for name in chosen:
        answer, found = ask(questions[name], deployment)
        failed += answer in ("DIFFERS", "FAILED")
        print(f"{name:18} {answer:10} {found}", flush=True)
    for name in QUESTIONS | DESTRUCTIVE:
        if skipped.get(name):
            print(f"{name:18} {'not asked':10} here: {skipped[name]}")
        elif name not in chosen:
            print(f"{name:18} {'skipped':10}")
    if failed:
        sys.exit(f"\n{failed} answers are not what Latchkey relies on.")


if __name__ == "__main__":
    main()
