//! A runner that cannot start: it says why in one line, and exits with 1. It is here, and not with all other tests,
//! because cargo tells only a package's own tests where its binary is.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread;

/// What the runner says when AWS is at this address.
fn failure(endpoint: &str) -> String {
    let mut runner = Command::new(env!("CARGO_BIN_EXE_local"));
    let output = runner.args(["--port", "0", "--aws", endpoint]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(output.stdout, b"", "{said}");
    said
}

#[track_caller]
fn assert_one_clear_line(said: &str, expected: &str) {
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("latchkey-local-directory") && said.contains(expected), "{said}");
    for debug in ["{", "}", "Some(", "Err(", "\\\"", "Error("] {
        assert!(!said.contains(debug), "{debug} in {said}");
    }
}

/// A server that gives every request this response, however little it is one.
fn serve(response: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0; 8192]);
            let _ = connection.write_all(response.as_bytes());
        }
    });
    endpoint
}

#[test]
fn closed_port() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_one_clear_line(&failure(&format!("http://{closed}")), "Connection refused");
}

#[test]
fn server_that_does_not_speak_http() {
    assert_one_clear_line(&failure(&serve("220 smtp.example ESMTP\r\n")), "invalid HTTP version");
}

#[test]
fn server_that_is_another_one() {
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\
                connection: close\r\n\r\n<html></html>";
    assert_one_clear_line(&failure(&serve(page)), "the response is not one of this service");
}

#[test]
fn server_error_with_a_page() {
    let page = "HTTP/1.1 500 Oh\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\
                connection: close\r\n\r\n<html></html>";
    assert_one_clear_line(&failure(&serve(page)), "the response is not one of this service");
}

#[test]
fn error_of_the_service() {
    let error = "HTTP/1.1 400 Bad\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 54\r\n\
                 connection: close\r\n\r\n{\"__type\":\"AccessDeniedException\",\"message\":\"not you\"}";
    assert_one_clear_line(&failure(&serve(error)), "AccessDeniedException: not you");
}
