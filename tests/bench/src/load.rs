//! The load: connections that are kept open, each making one request after the other.
//!
//! `load PORT CONNECTIONS SECONDS FIRST CLIENTS OPERATION`: the clients that ask, in turn, are `FIRST` and those after
//! it. For 0 seconds, there is one request for each client.

use crate::connection::Connection;
use crate::session::{Operation, Session};
use crate::{Failure, Words, say};
use serde_json::json;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

struct Load {
    port: u16,
    first: u32,
    clients: u32,
    operation: Operation,
    once: bool,
    until: Instant,
    requested: AtomicU32,
}

#[expect(clippy::disallowed_methods, reason = "the load ends after a given time")]
fn now() -> Instant {
    Instant::now()
}

pub fn run(words: &Words) -> Result<(), Failure> {
    let seconds = words.number(2)?;
    let load = Load {
        port: words.number(0)?.try_into()?,
        first: words.number(3)?,
        clients: words.number(4)?,
        operation: Operation::parse(words.text(5)?)?,
        once: seconds == 0,
        until: now() + Duration::from_secs(seconds.into()),
        requested: AtomicU32::new(0),
    };
    let began = now();
    let requests = thread::scope(|scope| {
        let load = &load;
        let connections: Vec<_> =
            (0..words.number(1)?).map(|index| scope.spawn(move || load.over_one_connection(index))).collect();
        let mut requests = 0;
        for connection in connections {
            requests += connection.join().map_err(|_| "a connection's thread panicked")??;
        }
        Ok::<u32, Failure>(requests)
    })?;
    say(&json!({ "requests": requests, "seconds": began.elapsed().as_secs_f64() }));
    Ok(())
}

impl Load {
    fn over_one_connection(&self, index: u32) -> Result<u32, Failure> {
        let mut connection = Connection::open(self.port)?;
        let mut session = Session::start(self.operation, index, &mut connection)?;
        let mut requests = 0;
        loop {
            let turn = self.requested.fetch_add(1, Ordering::Relaxed);
            if if self.once { turn >= self.clients } else { now() >= self.until } {
                return Ok(requests);
            }
            session.ask(self.first + turn % self.clients, &mut connection)?;
            requests += 1;
        }
    }
}
