//! The load: connections that are kept open, each asking for one token after the other.
//!
//! `load PORT CONNECTIONS SECONDS FIRST CLIENTS RESOURCE`: the clients that ask, in turn, are `FIRST` and those after
//! it. For 0 seconds, each client asks once.

use crate::{Failure, Words, fixture, say};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

struct Load {
    port: u32,
    first: u32,
    clients: u32,
    resource: String,
    once: bool,
    until: Instant,
    asked: AtomicU32,
}

#[expect(clippy::disallowed_methods, reason = "it stops after so long")]
fn now() -> Instant {
    Instant::now()
}

pub fn run(words: &Words) -> Result<(), Failure> {
    let seconds = words.number(2)?;
    let load = Load {
        port: words.number(0)?,
        first: words.number(3)?,
        clients: words.number(4)?,
        resource: words.text(5)?.to_owned(),
        once: seconds == 0,
        until: now() + Duration::from_secs(seconds.into()),
        asked: AtomicU32::new(0),
    };
    let began = now();
    let tokens = thread::scope(|scope| {
        let connections: Vec<_> =
            (0..words.number(1)?).map(|_| scope.spawn(|| load.over_one_connection())).collect();
        let mut tokens = 0;
        for connection in connections {
            tokens += connection.join().map_err(|_| "a connection's thread panicked")??;
        }
        Ok::<u32, Failure>(tokens)
    })?;
    say(&json!({ "tokens": tokens, "seconds": began.elapsed().as_secs_f64() }));
    Ok(())
}

impl Load {
    fn over_one_connection(&self) -> Result<u32, Failure> {
        let port = u16::try_from(self.port)?;
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        let (mut to, mut from) = (stream.try_clone()?, BufReader::new(stream));
        let mut tokens = 0;
        loop {
            let turn = self.asked.fetch_add(1, Ordering::Relaxed);
            if if self.once { turn >= self.clients } else { now() >= self.until } {
                return Ok(tokens);
            }
            to.write_all(&self.request(self.first + turn % self.clients)?)?;
            let answer = answer(&mut from)?;
            if !answer.contains("\"access_token\":\"ey") {
                return Err(format!("not a token: {answer}").into());
            }
            tokens += 1;
        }
    }

    fn request(&self, number: u32) -> Result<Vec<u8>, Failure> {
        let (id, secret) = fixture::credentials(number)?;
        let basic = STANDARD.encode(format!("{id}:{}", secret.expose()));
        let form = format!("grant_type=client_credentials&resource={}", self.resource);
        Ok(format!(
            "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Basic {basic}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.port,
            form.len()
        )
        .into_bytes())
    }
}

/// The status line and the body of an answer.
fn answer(from: &mut BufReader<TcpStream>) -> Result<String, Failure> {
    let (mut text, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return Err("the connection was closed".into());
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        match line.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse()?;
            }
            Some(_) => {}
            None => text.push_str(line),
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    text.push('\n');
    text.push_str(&String::from_utf8(body)?);
    Ok(text)
}
