//! What users write into the attributes: the options of `#[hub]` and `#[hubcast(..)]` on a method.

use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::{Attribute, LitStr, Path, Type};

use crate::wire_name::WireName;

/// Reads the options of `#[hub(..)]`: the trait of its clients, if it names one.
pub(crate) fn hub_options(options: TokenStream) -> syn::Result<Option<Path>> {
    let mut client = None;
    let parser = syn::meta::parser(|option| {
        if !option.path.is_ident("client") {
            return Err(option.error("`#[hub]` knows no such option: write `#[hub(client = ChatClient)]`"));
        }
        if client.is_some() {
            return Err(option.error("a hub has one client trait: remove this one"));
        }
        client = Some(client_trait(option.value()?.parse()?)?);
        Ok(())
    });
    parser.parse2(options)?;
    Ok(client)
}

fn client_trait(named: Type) -> syn::Result<Path> {
    match named {
        Type::Path(named) if named.qself.is_none() => Ok(named.path),
        other => {
            Err(syn::Error::new_spanned(other, "name the trait alone, without `dyn`: `client = ChatClient`"))
        }
    }
}

/// Reads the options of `#[client]`, which has none.
pub(crate) fn client_options(options: TokenStream) -> syn::Result<()> {
    if options.is_empty() {
        return Ok(());
    }
    Err(syn::Error::new_spanned(options, "`#[client]` has no options: remove this"))
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
        let client = hub_options(quote!(client = crate::chat::ChatClient)).expect("good options");
        assert_eq!(client.to_token_stream().to_string(), quote!(crate::chat::ChatClient).to_string());
        assert!(hub_options(TokenStream::new()).expect("no options").is_none());
    }

    #[test]
    fn the_client_is_named_without_dyn() {
        // Not `expect_err`: whether a path can be printed depends on the features that other crates ask of syn.
        let Err(error) = hub_options(quote!(client = dyn ChatClient)) else { panic!("a type is no trait") };
        assert_eq!(error.to_string(), "name the trait alone, without `dyn`: `client = ChatClient`");
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
