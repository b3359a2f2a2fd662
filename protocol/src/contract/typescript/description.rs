//! A whole contract: the hub, its clients, and the types of both.

use super::declarations::Declarations;
use super::interface::{Answer, Method};
use super::layout::flat;
use super::{ClientSchema, Interface, NameClash, file};
use crate::contract::SchemaHash;

/// The contract of a hub and its clients.
#[derive(Clone)]
pub struct Description {
    pub(super) hub: Interface,
    pub(super) client: Option<Interface>,
}

impl Description {
    /// The contract of a hub that calls its clients by name.
    pub fn new(hub: Interface) -> Self {
        Self { hub, client: None }
    }

    /// Adds the contract of the clients.
    #[must_use]
    pub fn client<C: ClientSchema + ?Sized>(mut self) -> Self {
        self.client = Some(C::describe());
        self
    }

    /// The name of the hub trait.
    pub fn name(&self) -> &'static str {
        self.hub.name
    }

    /// Stands for names and types.
    pub fn hash(&self) -> SchemaHash {
        let of = |side: &'static str, interface: &Interface| {
            interface.methods.iter().map(move |method| line(side, method)).collect::<Vec<_>>()
        };
        let mut lines = of("hub", &self.hub);
        lines.extend(self.client.iter().flat_map(|client| of("client", client)));
        lines.extend(self.declarations().texts().map(flat));
        lines.sort();
        SchemaHash::of(&lines.join("\n"))
    }

    /// The contract as a TypeScript module.
    ///
    /// # Errors
    ///
    /// If two types of it have the same name.
    pub fn text(&self) -> Result<String, NameClash> {
        file::text(self)
    }

    /// The types of all methods.
    pub(super) fn declarations(&self) -> Declarations {
        let mut all = Declarations::default();
        for interface in [Some(&self.hub), self.client.as_ref()].into_iter().flatten() {
            interface.methods.iter().for_each(|method| all.append(&method.declarations));
        }
        all
    }
}

/// All of a method that matters to the other side.
fn line(side: &str, method: &Method) -> String {
    let parameters = method.parameters.iter().map(|parameter| {
        let kind = if parameter.is_upload { "upload " } else { "" };
        format!("{kind}{}", parameter.ty)
    });
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    let answer = match &method.answer {
        Answer::Nothing => "void".to_owned(),
        Answer::Value(ty) => format!("value {ty}"),
        Answer::Stream(ty) => format!("stream {ty}"),
    };
    format!("{side} {}({parameters}): {answer}", method.name)
}
