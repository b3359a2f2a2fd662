//! Looking up hub methods by the name on the wire: once per call, without an allocation for ASCII names.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use hubcast_protocol::contract::{
    Authorization, BoxFuture, Call, CallError, Client, Connection, Context, DisconnectReason, HubDefinition,
    Requirement, SchemaHash, folded,
};
use hubcast_protocol::{BindError, Invocation};

use super::{Dispatch, Started};

/// The methods of a hub by their folded names.
pub(crate) struct MethodTable<C: Client + ?Sized> {
    definition: HubDefinition<C>,
    by_name: HashMap<Box<[u8]>, MethodIndex, BuildHasherDefault<NameHasher>>,
}

/// A method's place in its hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MethodIndex(usize);

impl<C: Client + ?Sized> MethodTable<C> {
    pub(crate) fn new(definition: HubDefinition<C>) -> Self {
        let methods = definition.methods().iter().enumerate();
        let by_name = methods.map(|(at, method)| (fold_any(method.name()), MethodIndex(at))).collect();
        Self { definition, by_name }
    }
}

impl<C: Client + ?Sized> Dispatch for MethodTable<C> {
    fn requirements(&self) -> &[Requirement] {
        self.definition.requirements()
    }

    fn hub_name(&self) -> &'static str {
        self.definition.name()
    }

    fn schema(&self) -> Option<SchemaHash> {
        self.definition.schema_hash()
    }

    fn find(&self, target: &str) -> Option<MethodIndex> {
        let mut buffer = [0; LONGEST_ON_STACK];
        match fold_ascii(target, &mut buffer) {
            Some(name) => self.by_name.get(name).copied(),
            None => self.by_name.get(&fold_any(target)).copied(),
        }
    }

    fn method_name(&self, method: MethodIndex) -> &'static str {
        self.definition.methods()[method.0].name()
    }

    fn is_stream(&self, method: MethodIndex) -> bool {
        self.definition.methods()[method.0].is_stream()
    }

    fn allows(&self, method: MethodIndex, connection: &dyn Connection) -> bool {
        let method = &self.definition.methods()[method.0];
        let (of_hub, of_method) = (self.definition.requirements(), method.requirements());
        if of_hub.is_empty() && of_method.is_empty() {
            return true;
        }
        let principal = connection.principal();
        let who = Authorization::new(self.definition.name(), Some(method.name()), principal.as_ref());
        of_hub.iter().chain(of_method).all(|requirement| requirement.allows(&who))
    }

    fn start(
        &self,
        method: MethodIndex,
        connection: &Arc<dyn Connection>,
        invocation: &Invocation<'_>,
        upload_buffer: usize,
    ) -> Result<Started, BindError> {
        let context = Context::of_call(Arc::clone(connection), &invocation.headers);
        let mut start = Call::new(&context, &invocation.arguments, upload_buffer);
        let call = self.definition.methods()[method.0].start(&mut start)?;
        Ok(Started { call, uploads: start.into_uploads() })
    }

    fn connected(&self, connection: Arc<dyn Connection>) -> BoxFuture<Result<(), CallError>> {
        self.definition.connected(&Context::new(connection))
    }

    fn disconnected(
        &self,
        connection: Arc<dyn Connection>,
        reason: DisconnectReason,
    ) -> BoxFuture<Result<(), CallError>> {
        self.definition.disconnected(&Context::new(connection), reason)
    }

    fn authentication_refreshed(&self, connection: Arc<dyn Connection>) -> BoxFuture<Result<(), CallError>> {
        self.definition.authentication_refreshed(&Context::new(connection))
    }
}

/// FNV-1a: for short names it is several times as fast as the default, which resists clients that choose the keys. Here
/// the application chooses them.
struct NameHasher(u64);

impl Default for NameHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_usize(&mut self, _length: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

const LONGEST_ON_STACK: usize = 64;

/// Lower case without underscores, for the short ASCII names that nearly all are.
fn fold_ascii<'b>(name: &str, buffer: &'b mut [u8; LONGEST_ON_STACK]) -> Option<&'b [u8]> {
    if name.len() > LONGEST_ON_STACK {
        return None;
    }
    let mut length = 0;
    for byte in name.bytes().filter(|byte| *byte != b'_') {
        if !byte.is_ascii() {
            return None;
        }
        buffer[length] = byte.to_ascii_lowercase();
        length += 1;
    }
    Some(&buffer[..length])
}

fn fold_any(name: &str) -> Box<[u8]> {
    folded(name).collect::<String>().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use hubcast_protocol::contract::{Method, NoClient, run};

    use super::*;

    #[test]
    fn case_and_underscores_do_not_count_in_names() {
        let table = table(&["SendMessage", "Größe"]);
        for name in ["SendMessage", "sendMessage", "send_message", "SENDMESSAGE", "_send__message_"] {
            assert_eq!(table.find(name), Some(MethodIndex(0)), "{name}");
        }
        assert_eq!(table.find("GRÖSSE"), None);
        assert_eq!(table.find("GRÖße"), Some(MethodIndex(1)));
        assert_eq!(table.find("SendMessages"), None);
        assert_eq!(table.find(""), None);
        assert_eq!(table.find(&"x".repeat(1000)), None);
    }

    fn table(names: &[&'static str]) -> MethodTable<dyn NoClient> {
        let empty = HubDefinition::new("Test");
        let with = |hub: HubDefinition<dyn NoClient>, name: &&'static str| {
            hub.method(Method::new(name, |_| Ok(run(async {}))))
        };
        MethodTable::new(names.iter().fold(empty, with))
    }
}
