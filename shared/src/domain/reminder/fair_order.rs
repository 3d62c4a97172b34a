//! The order in which the e-mails of a run are sent: fair between accounts.

use std::collections::BTreeMap;

/// Orders e-mails so that accounts take turns: first the most urgent one of each account, then the second of each, and so on;
/// within a turn the most urgent first. So an account with thousands of e-mails delays every other account by one e-mail for
/// each of the other's own, whatever the quota of the run.
///
/// `account` and `urgency` are of one e-mail: the lower the urgency, the sooner it is sent within its account and turn.
pub fn fair_order<T, A: Ord + Clone, U: Ord + Copy>(
    mut emails: Vec<T>,
    account: impl Fn(&T) -> A,
    urgency: impl Fn(&T) -> U,
) -> Vec<T> {
    emails.sort_by_key(&urgency);
    let mut turns: BTreeMap<A, usize> = BTreeMap::new();
    let mut in_turn: Vec<(usize, T)> = Vec::with_capacity(emails.len());
    for email in emails {
        let turn = turns.entry(account(&email)).or_default();
        in_turn.push((*turn, email));
        *turn += 1;
    }
    // Stable: within a turn the order of urgency stays.
    in_turn.sort_by_key(|(turn, _)| *turn);
    in_turn.into_iter().map(|(_, email)| email).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_take_turns_and_the_most_urgent_comes_first() {
        let emails = vec![("a", 1), ("a", 2), ("a", 3), ("b", 9), ("c", 2), ("c", 5)];
        let ordered = fair_order(emails, |email| email.0, |email| email.1);
        assert_eq!(ordered, [("a", 1), ("c", 2), ("b", 9), ("a", 2), ("c", 5), ("a", 3)]);
    }

    /// 1,000 accounts, one of them with 10,000 due reminders that are the most urgent of all, and 50 e-mails a run.
    #[test]
    fn one_account_cannot_delay_the_reminders_of_a_thousand() {
        const QUOTA: usize = 50;
        let mut due: Vec<(usize, usize)> = (0..10_000).map(|n| (0, n)).collect();
        due.extend((1..1_000).map(|account| (account, 1_000_000 + account)));
        let mut first_run = BTreeMap::new();
        for run in 1.. {
            let rest = fair_order(due, |email| email.0, |email| email.1);
            let (sent, left) = rest.split_at(QUOTA.min(rest.len()));
            for (account, _) in sent.iter().filter(|(account, _)| *account > 0) {
                first_run.insert(*account, run);
            }
            due = left.to_vec();
            if first_run.len() == 999 {
                break;
            }
        }
        // The large account takes one of each run's e-mails, and the others have 49, in the order of their expiry.
        let room = |account: usize| account.div_ceil(QUOTA - 1);
        assert!(first_run.iter().all(|(account, run)| *run == room(*account)), "{first_run:?}");
        println!(
            "1,000 accounts, one with 10,000 reminders, 50 e-mails a run: each of the other 999 is sent in the first run that \
             has room, the last one in run {}",
            first_run.values().max().expect("some")
        );
    }
}
