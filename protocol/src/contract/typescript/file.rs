//! The file of a contract: an interface for each side, the types, and a constant that carries both to a client.
//!
//! The rule that is easy to break: equal contracts give equal bytes, as the file is kept in a repository.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::declarations::{Declarations, NameClash};
use super::description::Description;
use super::interface::{Answer, Interface, Method, Parameter};
use super::layout::{is_name, laid_out};

/// How long a method on one line may be.
const WIDTH: usize = 116;

/// What the file uses of the language, which no type of a contract may be named.
const BUILT_IN: [&str; 4] = ["Array", "AsyncIterable", "Promise", "Record"];

/// Words that cannot name a parameter or a constant of a module.
#[rustfmt::skip]
const RESERVED: [&str; 48] = [
    "arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete",
    "do", "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if", "implements",
    "import", "in", "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public",
    "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with",
    "yield",
];

/// Writes a contract.
pub(super) fn text(contract: &Description) -> Result<String, NameClash> {
    let Description { hub, client } = contract;
    let declarations = contract.declarations();
    check_names(contract, &declarations)?;
    let name = hub.name;
    let mut out = format!(
        "/*\n * The contract of the hub `{name}`, written by hubcast from its Rust traits: change those, not this file.\n */\n"
    );
    write_interface(hub, hub_answer, &mut out);
    if let Some(client) = client {
        write_interface(client, client_answer, &mut out);
    }
    for (_, declaration) in declarations.all()? {
        out.push('\n');
        declaration.comment.write(0, &mut out);
        out.push_str("export ");
        out.push_str(&laid_out(&declaration.text));
        out.push('\n');
    }
    let constant = parameter_name(&lower_first(name));
    let client =
        client.as_ref().map_or("{ [method: string]: (...args: any[]) => any }", |client| client.name);
    // Writing into a text cannot fail.
    let _ = write!(
        out,
        "\n/** For `build({constant})` of a connection's builder. The schema stands for all names and types above. */\n\
         export const {constant}: {{ readonly schema: string; readonly hub?: {name}; readonly client?: {client} }} = {{\n  \
         schema: \"{}\",\n}};\n",
        contract.hash()
    );
    Ok(out)
}

fn check_names(contract: &Description, declarations: &Declarations) -> Result<(), NameClash> {
    let mut taken: BTreeMap<&str, String> =
        BUILT_IN.iter().map(|&name| (name, format!("{name} of TypeScript"))).collect();
    let traits = [Some(&contract.hub), contract.client.as_ref()].into_iter().flatten();
    let traits = traits.map(|interface| (interface.name, format!("trait {}", interface.name)));
    let types = declarations.all()?.map(|(name, declaration)| (name, declaration.rust.to_owned()));
    for (name, what) in traits.chain(types) {
        if let Some(first) = taken.insert(name, what.clone()) {
            return Err(NameClash { name: name.to_owned(), first, second: what });
        }
    }
    Ok(())
}

fn write_interface(interface: &Interface, answer: fn(&Answer) -> String, out: &mut String) {
    out.push('\n');
    interface.comment.write(0, out);
    if interface.methods.is_empty() {
        out.push_str(&format!("export interface {} {{}}\n", interface.name));
        return;
    }
    out.push_str(&format!("export interface {} {{\n", interface.name));
    for (index, method) in interface.methods.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        write_method(method, &answer(&method.answer), out);
    }
    out.push_str("}\n");
}

fn write_method(method: &Method, answer: &str, out: &mut String) {
    method.comment.write(2, out);
    let name = if is_name(method.name) { method.name.to_owned() } else { quoted(method.name) };
    let parameters: Vec<String> = method.parameters.iter().map(parameter).collect();
    let line = format!("  {name}({}): {answer};\n", parameters.join(", "));
    if line.len() <= WIDTH {
        out.push_str(&line);
        return;
    }
    out.push_str(&format!("  {name}(\n"));
    parameters.iter().for_each(|parameter| out.push_str(&format!("    {parameter},\n")));
    out.push_str(&format!("  ): {answer};\n"));
}

fn parameter(parameter: &Parameter) -> String {
    let Parameter { name, ty, is_upload } = parameter;
    let name = parameter_name(&camel_case(name));
    if *is_upload { format!("{name}: AsyncIterable<{ty}>") } else { format!("{name}: {ty}") }
}

fn hub_answer(answer: &Answer) -> String {
    match answer {
        Answer::Nothing => "Promise<void>".to_owned(),
        Answer::Value(ty) => format!("Promise<{ty}>"),
        Answer::Stream(ty) => format!("AsyncIterable<{ty}>"),
    }
}

/// A client may answer at once or later.
fn client_answer(answer: &Answer) -> String {
    match answer {
        Answer::Nothing => "void".to_owned(),
        Answer::Value(ty) | Answer::Stream(ty) => format!("{ty} | Promise<{ty}>"),
    }
}

/// As names are written in TypeScript: `is_typing` is `isTyping`.
fn camel_case(snake: &str) -> String {
    let mut words = snake.split('_').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or("_").to_owned();
    words.fold(first, |name, word| name + &upper_first(word))
}

fn upper_first(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn lower_first(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

fn parameter_name(name: &str) -> String {
    if RESERVED.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// A name on the wire that is no name in TypeScript, as a literal.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
