//! Methods with streams in either direction, made by hand, for the test hub; and what clients send to them.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::{Stream, StreamExt as _, stream};
use hubcast::contract::{
    BindError, Call, CallError, CallFailure, Method, RunningCall, Upload, UploadError, run, run_result,
    run_stream,
};
use hubcast::{HubDefinition, HubError};

use super::hub::{Dropped, TestClient, TestHubState};

type Hub = HubDefinition<dyn TestClient>;
type Started = Result<Pin<Box<dyn RunningCall>>, BindError>;

/// Adds them.
pub(crate) fn with_streams(hub: Hub, state: &Arc<TestHubState>) -> Hub {
    let own = |method: fn(Arc<TestHubState>, &mut Call<'_, dyn TestClient>) -> Started| {
        let state = Arc::clone(state);
        move |call: &mut Call<'_, dyn TestClient>| method(Arc::clone(&state), call)
    };
    hub.method(
        Method::new("Counter", |call| {
            let (n,) = call.arguments::<(u32,)>(1)?;
            Ok(run_stream(move |items| items.send_all(stream::iter(0..n))))
        })
        .streaming(),
    )
    .method(Method::new("Endless", own(endless)).streaming())
    .method(Method::new("Drip", own(drip)).streaming())
    .method(
        Method::new("FailMidway", |call| {
            let (text,) = call.arguments::<(Option<String>,)>(1)?;
            let error = text.map_or_else(|| HubError::hidden("the secret cause"), HubError::new);
            Ok(run_stream(move |items| items.send_results(stream::iter([Ok(1), Err(error)]))))
        })
        .streaming(),
    )
    .method(
        Method::new("FailFirst", |call| {
            call.arguments::<()>(0)?;
            Ok(run_stream::<u32, _, _>(|_| async {
                Err(CallFailure::Method(CallError::Shown("no".to_owned())))
            }))
        })
        .streaming(),
    )
    .method(
        Method::new("PanicMidway", |_| {
            let items = stream::iter([1, 2]).inspect(|item| assert!(*item < 2, "the secret cause"));
            Ok(run_stream(move |sink| sink.send_all(items)))
        })
        .streaming(),
    )
    .method(Method::new("Sum", own(sum)).with_uploads(1))
    .method(Method::new("SlowSum", own(slow_sum)).with_uploads(1))
    .method(
        Method::new("Zip", |call| {
            call.arguments::<()>(0)?;
            let (numbers, texts) = (call.upload::<i64>(), call.upload::<String>());
            Ok(run(async move {
                let pairs = numbers.zip(texts).map(|(number, text)| (number.ok(), text.ok()));
                pairs.collect::<Vec<_>>().await
            }))
        })
        .with_uploads(2),
    )
    .method(
        Method::new("Double", |call| {
            call.arguments::<()>(0)?;
            let numbers = call.upload::<i64>();
            Ok(run_stream(move |items| {
                items.send_results(numbers.map(|item| match item {
                    Ok(number) => Ok(number * 2),
                    Err(error) => Err(HubError::new(error.to_string())),
                }))
            }))
        })
        .streaming()
        .with_uploads(1),
    )
    .method(Method::new("DropPanic", |call| {
        call.arguments::<()>(0)?;
        Ok(run(async {
            let _bomb = Bomb;
            std::future::pending::<()>().await;
        }))
    }))
}

/// Numbers without an end.
fn endless(state: Arc<TestHubState>, call: &mut Call<'_, dyn TestClient>) -> Started {
    let (name,) = call.arguments::<(String,)>(1)?;
    Ok(run_stream(move |items| async move {
        let _dropped = Dropped::new(&state, name);
        items.send_all(stream::iter(0_u64..)).await
    }))
}

/// One item each time that the gate opens.
fn drip(state: Arc<TestHubState>, call: &mut Call<'_, dyn TestClient>) -> Started {
    let (name,) = call.arguments::<(String,)>(1)?;
    Ok(run_stream(move |items| async move {
        let _dropped = Dropped::new(&state, name.clone());
        items.send_all(drops(&state, name)).await
    }))
}

fn drops(state: &TestHubState, name: String) -> impl Stream<Item = String> {
    stream::unfold((), move |()| {
        let name = name.clone();
        async move {
            state.report(format!("waiting: {name}"));
            state.pass().await;
            Some((name, ()))
        }
    })
}

fn sum(_: Arc<TestHubState>, call: &mut Call<'_, dyn TestClient>) -> Started {
    call.arguments::<()>(0)?;
    let mut numbers = call.upload::<i64>();
    Ok(run_result(async move {
        let mut sum = 0;
        while let Some(number) = numbers.next().await {
            sum += number.map_err(|error| told(&error))?;
        }
        Ok::<_, HubError>(sum)
    }))
}

/// Takes an item each time that the gate opens.
fn slow_sum(state: Arc<TestHubState>, call: &mut Call<'_, dyn TestClient>) -> Started {
    call.arguments::<()>(0)?;
    let mut numbers: Upload<i64> = call.upload();
    Ok(run_result(async move {
        let _dropped = Dropped::new(&state, "sum".to_owned());
        state.report("summing");
        let mut sum = 0;
        loop {
            state.pass().await;
            match numbers.next().await {
                Some(number) => sum += number.map_err(|error| told(&error))?,
                None => {
                    _dropped.disarm();
                    return Ok::<_, HubError>(sum);
                }
            }
        }
    }))
}

fn told(error: &UploadError) -> HubError {
    HubError::new(error.to_string())
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("the secret cause");
    }
}

/// A streaming call in JSON.
pub(crate) fn stream_call(id: &str, target: &str, arguments: &str, uploads: &str) -> String {
    format!(
        "{{\"type\":4,\"invocationId\":\"{id}\",\"target\":\"{target}\",\"arguments\":{arguments},\"streamIds\":{uploads}}}\x1e"
    )
}

/// A plain call with uploads in JSON.
pub(crate) fn upload_call(id: &str, target: &str, uploads: &str) -> String {
    format!(
        "{{\"type\":1,\"invocationId\":\"{id}\",\"target\":\"{target}\",\"arguments\":[],\"streamIds\":{uploads}}}\x1e"
    )
}

/// An item of an upload in JSON.
pub(crate) fn item(id: &str, item: &str) -> String {
    format!("{{\"type\":2,\"invocationId\":\"{id}\",\"item\":{item}}}\x1e")
}

/// The end of an upload in JSON.
pub(crate) fn complete(id: &str) -> String {
    format!("{{\"type\":3,\"invocationId\":\"{id}\"}}\x1e")
}

/// The end of a call's use in JSON.
pub(crate) fn cancel(id: &str) -> String {
    format!("{{\"type\":5,\"invocationId\":\"{id}\"}}\x1e")
}

/// A completion with a result, as the server writes it.
pub(crate) fn result(id: &str, result: &str) -> String {
    format!("{{\"type\":3,\"invocationId\":\"{id}\",\"result\":{result}}}")
}

/// A completion with an error, as the server writes it.
pub(crate) fn error(id: &str, text: &str) -> String {
    format!("{{\"type\":3,\"invocationId\":\"{id}\",\"error\":\"{text}\"}}")
}
