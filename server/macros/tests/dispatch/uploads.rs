//! Methods that take streams from their clients.

use std::task::Poll;

use futures_core::Stream;
use futures_util::StreamExt;
use hubcast_protocol::BindError;
use hubcast_protocol::HubProtocol::Json;
use hubcast_protocol::contract::{Context, Upload, UploadError, UploadSink};

use crate::fake::{Failed, FakeConnection, Ongoing, invocation, start, with_payload};

#[hubcast_macros::hub]
trait Adder {
    async fn sum(&self, numbers: Upload<i64>) -> Result<i64, UploadError>;
    async fn join(
        &self,
        cx: &Context,
        left: Upload<String>,
        by: String,
        right: Upload<String>,
        times: u8,
    ) -> String;
    fn scale(&self, numbers: Upload<i64>, by: i64) -> impl Stream<Item = Result<i64, UploadError>>;
    async fn first(&self, numbers: Upload<i64>) -> Option<i64>;
}

struct Adding;

impl Adder for Adding {
    async fn sum(&self, mut numbers: Upload<i64>) -> Result<i64, UploadError> {
        let mut sum = 0;
        while let Some(number) = numbers.next().await {
            sum += number?;
        }
        Ok(sum)
    }

    async fn join(
        &self,
        cx: &Context,
        left: Upload<String>,
        by: String,
        right: Upload<String>,
        times: u8,
    ) -> String {
        let words: Vec<_> = left.chain(right).map(Result::unwrap_or_default).collect().await;
        format!("{}{times}{}", words.join(&by), cx.user().unwrap_or_default())
    }

    fn scale(&self, numbers: Upload<i64>, by: i64) -> impl Stream<Item = Result<i64, UploadError>> {
        numbers.map(move |number| number.map(|number| number * by))
    }

    async fn first(&self, mut numbers: Upload<i64>) -> Option<i64> {
        numbers.next().await.and_then(Result::ok)
    }
}

#[test]
fn a_method_says_how_many_uploads_it_takes() {
    let definition = Adding.into_hub();
    let counts: Vec<_> =
        definition.methods().iter().map(|method| (method.name(), method.uploads())).collect();
    assert_eq!(counts, [("Sum", 1), ("Join", 2), ("Scale", 1), ("First", 1)]);
}

#[test]
fn a_method_waits_for_its_upload() {
    let mut ongoing = begin("Sum", "[]");
    assert!(ongoing.poll(9).is_pending());
    feed(&mut ongoing, 0, &["1", "2"]);
    assert!(ongoing.poll(9).is_pending());
    feed(&mut ongoing, 0, &["39"]);
    ongoing.uploads[0].complete(None);
    ongoing.finish().expect("a success");
    assert_eq!(ongoing.text(), "{\"type\":3,\"invocationId\":\"1\",\"result\":42}\n");
}

#[test]
fn uploads_come_in_the_order_of_the_parameters_and_arguments_without_them() {
    let mut ongoing = begin("Join", r#"["-",7]"#);
    assert_eq!(ongoing.uploads.len(), 2);
    feed(&mut ongoing, 1, &[r#""c""#]);
    feed(&mut ongoing, 0, &[r#""a""#, r#""b""#]);
    for upload in &mut ongoing.uploads {
        upload.complete(None);
    }
    ongoing.finish().expect("a success");
    assert_eq!(ongoing.text(), "{\"type\":3,\"invocationId\":\"1\",\"result\":\"a-b-c7ada\"}\n");
}

#[test]
fn a_stream_comes_from_an_upload() {
    let mut ongoing = begin("Scale", "[3]");
    feed(&mut ongoing, 0, &["1"]);
    assert!(ongoing.poll(9).is_pending());
    assert_eq!(ongoing.text(), "{\"type\":2,\"invocationId\":\"1\",\"item\":3}\n");
    ongoing.uploads[0].complete(None);
    ongoing.finish().expect("a success");
    assert_eq!(ongoing.text(), "{\"type\":3,\"invocationId\":\"1\"}\n");
}

#[test]
fn an_item_of_another_type_ends_its_upload() {
    let mut ongoing = begin("Sum", "[]");
    feed(&mut ongoing, 0, &["1"]);
    assert!(!with_payload(r#""no number""#, |item| ongoing.uploads[0].item(item)));
    let failure = ongoing.finish().expect_err("the upload failed");
    assert!(format!("{failure:?}").contains("Binding"), "{failure:?}");
}

#[test]
fn a_method_need_not_take_all_of_an_upload() {
    let mut ongoing = begin("First", "[]");
    feed(&mut ongoing, 0, &["5", "6"]);
    assert!(matches!(ongoing.poll(9), Poll::Ready(Ok(()))));
    assert_eq!(ongoing.text(), "{\"type\":3,\"invocationId\":\"1\",\"result\":5}\n");
    feed(&mut ongoing, 0, &["7"]);
}

#[test]
fn an_upload_is_no_argument() {
    let message = invocation(1, "Sum", "[1]");
    let failed = start(&Adding.into_hub(), &FakeConnection::new(Json), &message).err().expect("a bad call");
    assert!(matches!(failed, Failed::Bind(BindError::Count { provided: 1, expected: 0 })), "{failed:?}");
}

fn begin(target: &str, arguments: &str) -> Ongoing {
    let message = invocation(1, target, arguments);
    start(&Adding.into_hub(), &FakeConnection::new(Json), &message).expect("a good call")
}

fn feed(ongoing: &mut Ongoing, upload: usize, items: &[&str]) {
    let upload: &mut dyn UploadSink = &mut *ongoing.uploads[upload];
    for item in items {
        assert!(with_payload(item, |item| upload.item(item)));
    }
}
