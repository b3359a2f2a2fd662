//! Under which path the user's crate sees the module `contract`.
//!
//! A server depends on `hubcast`, a program that only calls hubs on `hubcast-client`; both re-export the module of
//! `hubcast-protocol`. Renamed dependencies are found under their new names.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The crates that have the module, in the order in which they are looked for.
const HOMES: [&str; 3] = ["hubcast", "hubcast-client", "hubcast-protocol"];

/// The path of the module `contract`.
///
/// # Errors
///
/// If the user's Cargo.toml names none of the crates that have it.
pub(crate) fn contract_path() -> syn::Result<TokenStream> {
    let found = HOMES.iter().find_map(|home| Some(import_name(home, crate_name(home).ok()?)));
    let Some(name) = found else {
        return Err(syn::Error::new(
            Span::call_site(),
            "add `hubcast` to the dependencies in Cargo.toml: this attribute writes code that uses it",
        ));
    };
    let name = Ident::new(&name, Span::call_site());
    Ok(quote!(::#name::contract))
}

/// The name of a crate in a `use`. The crate itself has that of its library, as its tests and examples see it.
fn import_name(home: &str, found: FoundCrate) -> String {
    match found {
        FoundCrate::Itself => home.replace('-', "_"),
        FoundCrate::Name(name) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_dependency_has_its_new_name() {
        assert_eq!(import_name("hubcast", FoundCrate::Name("signals".to_owned())), "signals");
    }

    #[test]
    fn a_crate_names_itself_as_its_examples_do() {
        assert_eq!(import_name("hubcast-protocol", FoundCrate::Itself), "hubcast_protocol");
    }
}
