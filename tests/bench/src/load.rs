//! The load generator: persistent connections, each with one request at a time.
//!
//! `load PORT CONNECTIONS SECONDS FIRST CLIENTS OPERATION`: the requests are from `CLIENTS` clients in turn,
//! beginning with number `FIRST`. For 0 seconds, there is one request for each client.

use crate::connection::Connection;
use crate::session::{Operation, Session};
use crate::{Args, BoxError, print_json};
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

pub fn run(args: &Args) -> Result<(), BoxError> {
    let seconds = args.number(2)?;
    let load = Load {
        port: args.number(0)?.try_into()?,
        first: args.number(3)?,
        clients: args.number(4)?,
        operation: Operation::parse(args.text(5)?)?,
        once: seconds == 0,
        until: now() + Duration::from_secs(seconds.into()),
        requested: AtomicU32::new(0),
    };
    let started = now();
    let requests = thread::scope(|scope| {
        let load = &load;
        let connections: Vec<_> =
            (0..args.number(1)?).map(|index| scope.spawn(move || load.over_one_connection(index))).collect();
        let mut requests = 0;
        for connection in connections {
            requests += connection.join().map_err(|_| "a connection's thread panicked")??;
        }
        Ok::<u32, BoxError>(requests)
    })?;
    print_json(&json!({ "requests": requests, "seconds": started.elapsed().as_secs_f64() }));
    Ok(())
}

impl Load {
    fn over_one_connection(&self, index: u32) -> Result<u32, BoxError> {
        let mut connection = Connection::open(self.port)?;
        let mut session = Session::start(self.operation, index, &mut connection)?;
        let mut requests = 0;
        loop {
            let turn = self.requested.fetch_add(1, Ordering::Relaxed);
            if if self.once { turn >= self.clients } else { now() >= self.until } {
                return Ok(requests);
            }
            session.send(self.first + turn % self.clients, &mut connection)?;
            requests += 1;
        }
    }
}
