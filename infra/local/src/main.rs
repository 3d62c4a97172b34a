//! `cargo run -p local`: Latchkey on this machine, with nothing but Rust and Python.

use clap::Parser;
use local::emulator::{Emulator, EmulatorProfile, target_dir};
use local::server::{LocalConfig, LocalServer, config};
use local::upstream::store_client_secret;
use local::{banner, sample};
use shared::app::{AwsClients, Config};
use std::error::Error;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::net::TcpListener;

/// Runs the whole of Latchkey on this machine, against an emulator of AWS.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// The port to serve on; 0 takes a free one.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Where the emulator keeps its state between runs [default: target/latchkey/state].
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Forget the state of earlier runs.
    #[arg(long)]
    fresh: bool,
    /// Use this AWS endpoint instead of starting an emulator.
    #[arg(long, value_name = "URL")]
    aws: Option<String>,
    /// Where the emulator listens, for functions in containers [default: a free port of 127.0.0.1].
    #[arg(long, value_name = "IP:PORT", conflicts_with = "aws")]
    emulator: Option<SocketAddr>,
    /// Make no sample account.
    #[arg(long)]
    empty: bool,
    /// Make no sample account, and print one line of JSON when ready, instead of what to type next.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Options) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", options.port))
        .await
        .map_err(|error| format!("port {} cannot be used ({error}); try --port 0", options.port))?;
    let issuer = format!("http://{}", listener.local_addr()?);
    let emulator = if options.aws.is_none() { Some(start_emulator(&options)?) } else { None };
    let endpoint = options.aws.or_else(|| emulator.as_ref().map(|emulator| emulator.endpoint().to_owned()));
    let endpoint = endpoint.unwrap_or_default();
    let local =
        LocalConfig { aws_endpoint: endpoint.clone(), issuer: issuer.clone(), stage: "local".to_owned() };
    let mut config = Config { event_bus: Some("default".to_owned()), ..config(&local) };
    (config.locale, config.brand) = Config::brand_from_env()?;
    if let Some(mut provider) = Config::upstream_from_env()? {
        let secrets = AwsClients::new(&config.aws).secrets_manager();
        store_client_secret(&mut provider, secrets, format!("latchkey/{}/upstream", local.stage)).await?;
        config.upstream = Some(provider);
    }
    let server = LocalServer::build(local, config).await?;
    if !options.empty && !options.json {
        sample::ensure(&server).await?;
    }
    let banner = if options.json { banner::json } else { banner::text };
    writeln!(std::io::stdout(), "{}", banner(&server, &issuer, &endpoint))?;
    let service = server.router().into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(shutdown_signal()).await?;
    drop(emulator);
    Ok(())
}

fn start_emulator(options: &Options) -> Result<Emulator, Box<dyn Error>> {
    let state = options.state.clone().unwrap_or_else(|| target_dir().join("latchkey").join("state"));
    if options.fresh && state.exists() {
        std::fs::remove_dir_all(&state)?;
    }
    Ok(Emulator::start_for(EmulatorProfile::Latchkey(Some(&state)), options.emulator)?)
}

/// Completes on Ctrl-C and on SIGTERM.
async fn shutdown_signal() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
