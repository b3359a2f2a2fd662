//! The file of a contract, whole, and what its hash depends on.

use std::collections::HashMap;

use serde::Serialize;

use super::*;

/// Something that was said.
///
/// It stays.
#[derive(Serialize, TS)]
#[serde(rename_all = "camelCase")]
struct Message {
    /// From 1.
    number: u64,
    sent_at: Option<i64>,
    kinds: HashMap<String, Vec<Kind>>,
}

#[derive(Serialize, TS)]
#[serde(tag = "type", rename_all = "camelCase")]
#[expect(dead_code, reason = "it is described and never made")]
enum Kind {
    Plain,
    Quote { of: u32, page: Box<Page<Message>> },
}

#[derive(Serialize, TS)]
struct Page<T> {
    items: Vec<T>,
}

fn chat() -> Description {
    let hub = Interface::new("ChatHub", &[" What a page calls."])
        .method(
            Method::new("Say", &[" Says something.", "", " To all."])
                .argument::<String>("text")
                .argument::<Option<u8>>("in_room")
                .answer::<()>(),
        )
        .method(Method::new("Last", &[]).deprecated("ask `History`").answer::<Option<Message>>())
        .method(Method::new("History", &[]).argument::<bool>("default").stream::<Page<Message>>())
        .method(
            Method::new("odd-name", &[])
                .argument::<[u8; 2]>("r")
                .upload::<(String, f32)>("all_lines")
                .answer::<u128>(),
        );
    Description::new(hub).client::<dyn ChatClient>()
}

trait ChatClient {}

impl ClientSchema for dyn ChatClient {
    fn describe() -> Interface {
        Interface::new("ChatClient", &[])
            .method(Method::new("Receive", &[" Takes a message."]).argument::<Message>("message"))
            .method(Method::new("Confirm", &[]).argument::<Page<bool>>("pages").answer::<Option<bool>>())
    }
}

#[test]
fn a_contract_is_one_readable_file() {
    let expected = r#"/*
 * The contract of the hub `ChatHub`, written by hubcast from its Rust traits: change those, not this file.
 */

/** What a page calls. */
export interface ChatHub {
  /**
   * Says something.
   *
   * To all.
   */
  Say(text: string, inRoom: number | null): Promise<void>;

  /** @deprecated ask `History` */
  Last(): Promise<Message | null>;

  History(default_: boolean): AsyncIterable<Page<Message>>;

  "odd-name"(r: [number, number], allLines: AsyncIterable<[string, number]>): Promise<number>;
}

export interface ChatClient {
  /** Takes a message. */
  Receive(message: Message): void;

  Confirm(pages: Page<boolean>): boolean | null | Promise<boolean | null>;
}

export type Kind = { type: "plain" } | { type: "quote"; of: number; page: Page<Message> };

/**
 * Something that was said.
 *
 * It stays.
 */
export type Message = {
  /** From 1. */
  number: number;
  sentAt: number | null;
  kinds: { [key in string]: Array<Kind> };
};

export type Page<T> = { items: Array<T> };

/** For `build(chatHub)` of a connection's builder. The schema stands for all names and types above. */
export const chatHub: { readonly schema: string; readonly hub?: ChatHub; readonly client?: ChatClient } = {
  schema: "HASH",
};
"#;
    let contract = chat();
    let text = contract.text().expect("no two names are the same");
    assert_eq!(text, expected.replace("HASH", &contract.hash().to_string()));
}

#[test]
fn a_hub_without_a_client_contract_may_call_anything() {
    let text = Description::new(Interface::new("Alone", &[])).text().expect("one name");
    assert!(text.contains("export interface Alone {}\n"), "{text}");
    assert!(text.contains("readonly client?: { [method: string]: (...args: any[]) => any } }"), "{text}");
}

#[test]
fn a_long_method_has_a_line_for_each_parameter() {
    let method = ["first", "second", "third"].into_iter().fold(Method::new("Move", &[]), |method, name| {
        method.argument::<HashMap<String, Vec<(String, u8)>>>(name)
    });
    let text = Description::new(Interface::new("Far", &[]).method(method)).text().expect("one name");
    let ty = "{ [key in string]: Array<[string, number]> }";
    let expected =
        format!("  Move(\n    first: {ty},\n    second: {ty},\n    third: {ty},\n  ): Promise<void>;\n");
    assert!(text.contains(&expected), "{text}");
}

#[test]
fn the_hash_is_the_same_for_ever() {
    assert_eq!(chat().hash().to_string(), "090e2eccf0bac34f");
}

#[test]
fn the_hash_depends_on_names_and_types() {
    let hash = |method: Method| Description::new(Interface::new("Hub", &[]).method(method)).hash();
    let say = || Method::new("Say", &[]);
    let different = [
        hash(say()),
        hash(Method::new("Tell", &[])),
        hash(say().argument::<String>("text")),
        hash(say().upload::<String>("text")),
        hash(say().argument::<Option<String>>("text")),
        hash(say().answer::<String>()),
        hash(say().stream::<String>()),
        hash(say().argument::<Vec<Kind>>("kinds")),
        chat().hash(),
    ];
    for (index, one) in different.iter().enumerate() {
        assert_eq!(different.iter().position(|other| other == one), Some(index));
    }
}

#[test]
fn the_hash_does_not_depend_on_words_and_order() {
    let one = Interface::new("Hub", &[" Words."])
        .method(Method::new("Say", &[" Says."]).deprecated("why").argument::<Kind>("text").answer::<()>())
        .method(Method::new("Tell", &[]));
    let other = Interface::new("Hub", &[])
        .method(Method::new("Tell", &[" Tells."]))
        .method(Method::new("Say", &[]).argument::<Kind>("words"));
    assert_eq!(Description::new(one).hash(), Description::new(other).hash());
}

mod other {
    use super::TS;

    #[derive(TS)]
    #[expect(dead_code, reason = "it is described and never made")]
    pub(super) struct Message(String);

    #[derive(TS)]
    #[ts(rename = "Promise")]
    #[expect(dead_code, reason = "it is described and never made")]
    pub(super) struct Word(String);

    #[derive(TS)]
    #[ts(rename = "ChatHub")]
    #[expect(dead_code, reason = "it is described and never made")]
    pub(super) struct Shadow(String);
}

#[test]
fn two_types_of_one_name_are_told_apart_by_the_user() {
    let clash = |method: Method| {
        let hub = Interface::new("ChatHub", &[]).method(method.argument::<Message>("message"));
        Description::new(hub).text().expect_err("two names are the same").to_string()
    };
    let tests = module_path!();
    assert_eq!(
        clash(Method::new("Say", &[]).argument::<other::Message>("other")),
        format!(
            "`{tests}::other::Message` and `{tests}::Message` are both named `Message` in TypeScript: rename a type by \
             `#[ts(rename = \"...\")]`, or a trait"
        )
    );
    assert!(
        clash(Method::new("Say", &[]).argument::<other::Word>("other"))
            .starts_with("`Promise of TypeScript` and")
    );
    assert!(
        clash(Method::new("Say", &[]).argument::<other::Shadow>("other")).starts_with("`trait ChatHub` and")
    );
}
