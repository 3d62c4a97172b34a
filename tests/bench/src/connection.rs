//! One HTTP/1.1 connection to a server on this machine.

use crate::BoxError;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

pub struct Connection {
    to: TcpStream,
    from: BufReader<TcpStream>,
    port: u16,
}

impl Connection {
    pub fn open(port: u16) -> Result<Self, BoxError> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        Ok(Self { to: stream.try_clone()?, from: BufReader::new(stream), port })
    }

    /// Sends a request and returns the body of its response, whose status must be 200 or 201.
    pub fn send(
        &mut self,
        line: &str,
        authorization: &str,
        content_type: &str,
        body: &str,
    ) -> Result<String, BoxError> {
        let (port, length) = (self.port, body.len());
        let request = format!(
            "{line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {authorization}\r\n\
             Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.to.write_all(request.as_bytes())?;
        let (status, body) = self.response()?;
        if status.contains(" 200 ") || status.contains(" 201 ") {
            Ok(body)
        } else {
            Err(format!("{line}: {status} {body}").into())
        }
    }

    /// The status line and the body of a response.
    fn response(&mut self) -> Result<(String, String), BoxError> {
        let (mut status, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if self.from.read_line(&mut line)? == 0 {
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
                None => status.push_str(line),
            }
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body)?;
        Ok((status, String::from_utf8(body)?))
    }
}
