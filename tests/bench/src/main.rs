//! The parts of the benchmark that have to be fast. `tests/bench/run.py` starts them and documents the
//! figures.

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

/// Error of a part; ends the process and is printed.
type BoxError = Box<dyn Error + Send + Sync>;

/// The arguments after the name of the part.
struct Args(Vec<String>);

impl Args {
    fn text(&self, index: usize) -> Result<&str, BoxError> {
        self.0.get(index).map(String::as_str).ok_or_else(|| format!("argument {index} is missing").into())
    }

    fn number(&self, index: usize) -> Result<u32, BoxError> {
        Ok(self.text(index)?.parse()?)
    }
}

fn main() -> Result<(), BoxError> {
    let mut args = std::env::args().skip(1);
    let part = args.next().unwrap_or_default();
    let args = Args(args.collect());
    match part.as_str() {
        "stub" => stub::run(&args),
        "load" => load::run(&args),
        "token" => serve::token(),
        "manage" => serve::manage(),
        "in-process" => in_process::run(&args),
        "credentials" => credentials(),
        _ => {
            Err("expected stub, load, token, manage or in-process; python3 tests/bench/run.py does it all"
                .into())
        }
    }
}

/// Prints the credentials of the first client.
fn credentials() -> Result<(), BoxError> {
    let (id, secret) = fixture::credentials(fixture::ClientKind::Plain, 0)?;
    print_json(&serde_json::json!([id, secret.expose()]));
    Ok(())
}

/// Prints one line of JSON for the process that started this part.
#[expect(clippy::print_stdout, reason = "it is read there")]
fn print_json(value: &serde_json::Value) {
    println!("{value}");
}
