//! A runner that cannot start prints the error in one line, and exits with 1. These tests are here, and not with the others,
//! because cargo passes the path of a binary only to the tests of its own package.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread;

/// Error output of the runner with this AWS endpoint.
fn failure(endpoint: &str) -> String {
    let mut runner = Command::new(env!("CARGO_BIN_EXE_local"));
    let output = runner.args(["--port", "0", "--aws", endpoint]).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(output.stdout, b"", "{stderr}");
    stderr
}

#[track_caller]
fn assert_one_clear_line(stderr: &str, expected: &str) {
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("latchkey-local-directory") && stderr.contains(expected), "{stderr}");
    for debug in ["{", "}", "Some(", "Err(", "\\\"", "Error("] {
        assert!(!stderr.contains(debug), "{debug} in {stderr}");
    }
}

/// A server that answers every request with this text.
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
