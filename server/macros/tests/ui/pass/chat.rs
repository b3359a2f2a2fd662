//! The contract of a chat, as a newcomer writes it.

use std::sync::Mutex;

use hubcast_protocol::contract::{Context, DisconnectReason, HubError};

#[hubcast_macros::client]
pub trait ChatClient {
    /// Shows a message.
    async fn receive_message(&self, user: String, text: String);
    #[hubcast(name = "receive")]
    async fn got(&self, text: Option<String>);
    async fn cleared(&self);
}

#[hubcast_macros::hub(client = ChatClient)]
pub trait ChatHub {
    /// Sends to everyone in a room.
    async fn send_message(
        &self,
        cx: &Context<dyn ChatClient>,
        room: String,
        text: String,
    ) -> Result<(), HubError>;
    async fn count(&self) -> u32;
    async fn leave(&self, cx: &Context<dyn ChatClient>) -> std::io::Result<()>;
    #[hubcast(name = "Whoami")]
    async fn who_are_you(&self, _why: Option<String>) -> Result<&'static str, std::io::Error>;
    async fn r#type(&self, r#in: String);
}

struct Chat {
    people: Mutex<u32>,
}

impl ChatHub for Chat {
    async fn connected(&self, cx: &Context<dyn ChatClient>) -> Result<(), HubError> {
        cx.caller().cleared().await?;
        *self.people.lock().unwrap() += 1;
        Ok(())
    }

    async fn disconnected(&self, _cx: &Context<dyn ChatClient>, _reason: DisconnectReason) -> Result<(), HubError> {
        *self.people.lock().unwrap() -= 1;
        Ok(())
    }

    async fn send_message(
        &self,
        cx: &Context<dyn ChatClient>,
        room: String,
        text: String,
    ) -> Result<(), HubError> {
        cx.clients().group(&room).receive_message("x".into(), text).await?;
        cx.others().got(None).await?;
        Ok(())
    }

    async fn count(&self) -> u32 {
        *self.people.lock().unwrap()
    }

    async fn leave(&self, cx: &Context<dyn ChatClient>) -> std::io::Result<()> {
        cx.leave("room").await;
        Ok(())
    }

    async fn who_are_you(&self, _why: Option<String>) -> Result<&'static str, std::io::Error> {
        Ok("a chat")
    }

    async fn r#type(&self, _in: String) {}
}

struct Person;

impl ChatClient for Person {
    async fn receive_message(&self, _user: String, _text: String) {}
    async fn got(&self, _text: Option<String>) {}
    async fn cleared(&self) {}
}

fn main() {
    let _ = Person;
    let definition = Chat { people: Mutex::new(0) }.into_hub();
    assert_eq!(definition.name(), "ChatHub");
    let names: Vec<_> = definition.methods().iter().map(|method| method.name()).collect();
    assert_eq!(names, ["SendMessage", "Count", "Leave", "Whoami", "Type"]);
}
