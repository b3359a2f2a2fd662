//! What users write into the attributes: the options of `#[hub]` and `#[hubcast(..)]` on a method.

use proc_macro2::TokenStream;
use syn::meta::ParseNestedMeta;
use syn::parse::Parser;
use syn::{Attribute, LitStr, Path, Token, Type};

use crate::wire_name::WireName;

/// What stands in the parentheses of `#[hub(..)]`.
#[derive(Default)]
pub(crate) struct HubOptions {
    /// The trait of its clients.
    pub(crate) client: Option<Path>,
    /// Whether its contract is described as TypeScript.
    pub(crate) typescript: bool,
}

/// Reads the options of `#[hub(..)]`. `knows_typescript` is whether the crate has that feature.
pub(crate) fn hub_options(options: TokenStream, knows_typescript: bool) -> syn::Result<HubOptions> {
    let mut read = HubOptions::default();
    let parser = syn::meta::parser(|option| {
        if option.path.is_ident("typescript") {
            read.typescript = flag(&option, read.typescript, knows_typescript)?;
            return Ok(());
        }
        if !option.path.is_ident("client") {
            return Err(option.error(
                "`#[hub]` knows no such option: write `#[hub(client = ChatClient)]`, and `typescript` beside it if the \
                 hub is to have types for its pages",
            ));
        }
        if read.client.is_some() {
            return Err(option.error("a hub has one client trait: remove this one"));
        }
        read.client = Some(client_trait(option.value()?.parse()?)?);
        Ok(())
    });
    parser.parse2(options)?;
    Ok(read)
}

/// Reads `typescript`, which has no value.
fn flag(option: &ParseNestedMeta<'_>, is_there: bool, knows_typescript: bool) -> syn::Result<bool> {
    if !knows_typescript {
        return Err(option.error("turn on the feature `typescript` of `hubcast` in Cargo.toml"));
    }
    if is_there {
        return Err(option.error("`typescript` is said once: remove this one"));
    }
    if !option.input.is_empty() && !option.input.peek(Token![,]) {
        return Err(option.input.error("`typescript` stands alone: remove this"));
    }
    Ok(true)
}

fn client_trait(named: Type) -> syn::Result<Path> {
    match named {
        Type::Path(named) if named.qself.is_none() => Ok(named.path),
        other => {
            Err(syn::Error::new_spanned(other, "name the trait alone, without `dyn`: `client = ChatClient`"))
        }
    }
}

/// Reads the options of `#[client(..)]`: whether its contract is described as TypeScript.
pub(crate) fn client_options(options: TokenStream, knows_typescript: bool) -> syn::Result<bool> {
    let mut typescript = false;
    let parser = syn::meta::parser(|option| {
        if !option.path.is_ident("typescript") {
            return Err(option.error("`#[client]` knows no such option, only `typescript`: remove this"));
        }
        typescript = flag(&option, typescript, knows_typescript)?;
        Ok(())
    });
    parser.parse2(options)?;
    Ok(typescript)
}

/// Takes `#[hubcast(..)]` out of a method's attributes and gives the wire name that it holds.
pub(crate) fn take_wire_name(attributes: &mut Vec<Attribute>) -> syn::Result<Option<WireName>> {
    let mut name = None;
    for attribute in attributes.extract_if(.., |attribute| attribute.path().is_ident("hubcast")) {
        attribute.parse_nested_meta(|option| {
            if !option.path.is_ident("name") {
                return Err(option.error("a method knows no such option: write `#[hubcast(name = \"...\")]`"));
            }
            if name.is_some() {
                return Err(option.error("a method has one name on the wire: remove this one"));
            }
            let text: LitStr = option.value()?.parse()?;
            if text.value().is_empty() {
                return Err(syn::Error::new_spanned(text, "a name on the wire has at least one letter"));
            }
            name = Some(WireName::by_hand(&text));
            Ok(())
        })?;
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use quote::{ToTokens, quote};
    use syn::parse_quote;

    use super::*;

    #[test]
    fn a_hub_names_its_client_trait_by_any_path() {
        let options = hub_options(quote!(client = crate::chat::ChatClient), false).expect("good options");
        assert_eq!(options.client.to_token_stream().to_string(), quote!(crate::chat::ChatClient).to_string());
        assert!(hub_options(TokenStream::new(), false).expect("no options").client.is_none());
    }

    #[test]
    fn the_client_is_named_without_dyn() {
        // Not `expect_err`: whether a path can be printed depends on the features that other crates ask of syn.
        let Err(error) = hub_options(quote!(client = dyn ChatClient), true) else {
            panic!("a type is no trait")
        };
        assert_eq!(error.to_string(), "name the trait alone, without `dyn`: `client = ChatClient`");
    }

    #[test]
    fn typescript_stands_in_any_place() {
        for written in [quote!(client = A, typescript), quote!(typescript, client = A), quote!(typescript,)] {
            assert!(hub_options(written, true).expect("good options").typescript);
        }
        assert!(!hub_options(quote!(client = A), true).expect("good options").typescript);
        assert!(client_options(quote!(typescript), true).expect("a good option"));
        assert!(!client_options(TokenStream::new(), true).expect("no option"));
    }

    #[test]
    fn typescript_needs_the_feature() {
        let advice = "turn on the feature `typescript` of `hubcast` in Cargo.toml";
        let Err(error) = hub_options(quote!(client = A, typescript), false) else {
            panic!("it has no feature")
        };
        assert_eq!(error.to_string(), advice);
        let Err(error) = client_options(quote!(typescript), false) else { panic!("it has no feature") };
        assert_eq!(error.to_string(), advice);
    }

    #[test]
    fn the_wire_name_leaves_the_other_attributes() {
        let mut attributes: Vec<Attribute> = vec![
            parse_quote!(#[doc = "Sends."]),
            parse_quote!(#[hubcast(name = "send")]),
            parse_quote!(#[cfg(unix)]),
        ];
        let name = take_wire_name(&mut attributes).expect("a good name").expect("a name");
        assert_eq!(name.text(), "send");
        let left: Vec<_> =
            attributes.iter().map(|attribute| attribute.path().to_token_stream().to_string()).collect();
        assert_eq!(left, ["doc", "cfg"]);
    }

    #[test]
    fn a_second_name_is_refused() {
        let mut attributes = vec![parse_quote!(#[hubcast(name = "a")]), parse_quote!(#[hubcast(name = "b")])];
        let error = take_wire_name(&mut attributes).expect_err("two names");
        assert_eq!(error.to_string(), "a method has one name on the wire: remove this one");
    }

    #[test]
    fn an_empty_name_is_refused() {
        let error = take_wire_name(&mut vec![parse_quote!(#[hubcast(name = "")])]).expect_err("no name");
        assert_eq!(error.to_string(), "a name on the wire has at least one letter");
    }
}
