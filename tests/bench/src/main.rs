//! The parts of the benchmark that have to be quick. `tests/bench/run.py` starts them and says what they mean.

mod connection;
mod cpu;
mod fixture;
mod floors;
mod in_process;
mod load;
mod serve;
mod session;
mod stub;
mod tls;

use std::error::Error;

/// What a part can fail with: it ends, and says it.
type Failure = Box<dyn Error + Send + Sync>;

/// The words after the name of the part.
struct Words(Vec<String>);

impl Words {
    fn text(&self, index: usize) -> Result<&str, Failure> {
        self.0.get(index).map(String::as_str).ok_or_else(|| format!("word {index} is missing").into())
    }

    fn number(&self, index: usize) -> Result<u32, Failure> {
        Ok(self.text(index)?.parse()?)
    }
}

fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let part = words.next().unwrap_or_default();
    let words = Words(words.collect());
    match part.as_str() {
        "stub" => stub::run(&words),
        "load" => load::run(&words),
        "token" => serve::token(),
        "manage" => serve::manage(),
        "in-process" => in_process::run(&words),
        "credentials" => credentials(),
        _ => {
            Err("expected stub, load, token, manage or in-process; python3 tests/bench/run.py does it all"
                .into())
        }
    }
}

/// Those of the first client.
fn credentials() -> Result<(), Failure> {
    let (id, secret) = fixture::credentials(fixture::ClientKind::Plain, 0)?;
    say(&serde_json::json!([id, secret.expose()]));
    Ok(())
}

/// Says something to whoever started this part: one line of JSON.
#[expect(clippy::print_stdout, reason = "it is read there")]
fn say(value: &serde_json::Value) {
    println!("{value}");
}
