//! Forms that may carry a file (RFC 7578).

use crate::error::ConsoleError;
use axum::body::{Body, Bytes};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};
use multer::Multipart;

/// The boundary between the parts of a form; `None` for another kind of body.
pub fn boundary(headers: &HeaderMap) -> Option<String> {
    multer::parse_boundary(headers.get(header::CONTENT_TYPE)?.to_str().ok()?).ok()
}

/// The fields of a form, in their order. A file is a field like another: its name is not read, and what is no text is in
/// base64.
pub async fn fields(body: Bytes, boundary: String) -> Result<Vec<(String, String)>, ConsoleError> {
    let mut parts = Multipart::new(Body::from(body).into_data_stream(), boundary);
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|_| ConsoleError::InvalidForm)? {
        let name = part.name().ok_or(ConsoleError::InvalidForm)?.to_owned();
        let content = part.bytes().await.map_err(|_| ConsoleError::InvalidForm)?;
        let text =
            String::from_utf8(content.to_vec()).unwrap_or_else(|bytes| STANDARD.encode(bytes.as_bytes()));
        fields.push((name, text));
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    async fn read(body: &[u8]) -> Result<Vec<(String, String)>, ConsoleError> {
        let mut headers = HeaderMap::new();
        let content_type = HeaderValue::from_static("multipart/form-data; boundary=----x");
        headers.insert(header::CONTENT_TYPE, content_type);
        fields(Bytes::copy_from_slice(body), boundary(&headers).expect("a form")).await
    }

    #[tokio::test]
    async fn texts_and_files_are_fields() {
        let body = b"------x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n------x\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"k.cer\"\r\nContent-Type: application/x-x509-ca-cert\r\n\r\n\
            \x30\xff\x00\r\n------x--\r\n";
        let fields = read(body).await.expect("a form");
        assert_eq!(
            fields,
            [("a", "1"), ("file", "MP8A")].map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[tokio::test]
    async fn what_is_cut_off_is_no_form() {
        for body in [
            "",
            "x",
            "------x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1",
            "------x\r\n\r\n1\r\n------x--\r\n",
        ] {
            assert!(read(body.as_bytes()).await.is_err(), "{body}");
        }
        assert_eq!(boundary(&HeaderMap::new()), None);
    }
}
