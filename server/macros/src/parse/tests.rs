//! What is read from good traits, and that no fault hides another. What each fault says is in `tests/ui`.

use syn::parse_quote;

use super::*;
use crate::model::Answer;

#[test]
fn a_method_is_read_with_its_context_arguments_and_answer() {
    let (contract, faults) = contract(
        parse_quote! {
            trait Chat {
                #[doc = "Sends."]
                #[hubcast(name = "send")]
                async fn send_message(&self, cx: &hubcast::Context<dyn ChatClient>, text: String) -> io::Result<()>;
                async fn count(&self) -> u32;
                async fn clear(&self);
            }
        },
        &hub_of_chat_client(),
    );
    assert_eq!(faults.messages(), [""; 0]);
    let [send, count, clear] = contract.methods().collect::<Vec<_>>()[..] else { panic!("three methods") };
    assert_eq!(send.wire_name.text(), "send");
    assert!(matches!(&send.attributes[..], [attribute] if attribute.path().is_ident("doc")));
    assert!(send.context.as_ref().is_some_and(|context| context.ident == "cx"));
    assert_eq!(send.arguments().map(|argument| argument.ident.to_string()).collect::<Vec<_>>(), ["text"]);
    assert!(matches!(send.answer, Answer::Result(_)));
    assert!(count.context.is_none());
    assert!(matches!(count.answer, Answer::Plain(_)));
    assert!(matches!(clear.answer, Answer::Nothing));
}

#[test]
fn every_fault_of_a_trait_is_told() {
    let (contract, faults) = contract(
        parse_quote! {
            trait Chat {
                fn send(&mut self, text: &str);
                async fn count(&self) -> u32;
                const LIMIT: usize;
            }
        },
        &hub_of_chat_client(),
    );
    assert_eq!(
        faults.messages(),
        [
            "write `async fn send(..)`: a hub method is asynchronous unless it returns a stream",
            "take `&self`: one hub object serves all connections; keep state in a Mutex or an atomic",
            "take `String` instead of `&str`: arguments are owned",
            "move this out of the trait: a hub trait has methods alone",
        ]
    );
    assert_eq!(contract.methods().count(), 1);
    assert_eq!(contract.members.len(), 3);
}

#[test]
fn methods_that_exclude_each_other_may_share_a_name() {
    let (_, faults) = contract(
        parse_quote! {
            trait Chat {
                #[cfg(unix)]
                async fn send(&self, path: String);
                #[cfg(windows)]
                async fn send(&self, path: Vec<u16>);
            }
        },
        &hub_of_chat_client(),
    );
    assert_eq!(faults.messages(), [""; 0]);
}

#[test]
fn what_lives_for_ever_can_be_returned_but_not_taken() {
    let (_, faults) = contract(
        parse_quote! {
            trait Chat {
                async fn name(&self) -> &'static str;
                async fn rename(&self, name: &'static str);
                async fn cow(&self, name: Cow<'static, str>);
            }
        },
        &hub_of_chat_client(),
    );
    assert_eq!(faults.messages(), ["take `String` instead of `&'static str`: arguments are owned"]);
}

fn hub_of_chat_client() -> Side {
    Side::Hub { client: Some(parse_quote!(ChatClient)) }
}
