//! From the model to code.
//!
//! The rule that is easy to break: a faulty trait still comes out as a trait, as whole as it can be, so that the user
//! reads what is wrong with it and not that it is missing.

mod call;
mod client;
mod hub;
mod method;
mod place;
mod proxy;
mod requirement;
mod typescript;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Ident, Item, ItemTrait};

use crate::attribute::{client_options, hub_options};
use crate::contract_path::contract_path;
use crate::model::{Contract, Side};
use crate::parse;

/// Whether the contract module describes contracts as TypeScript.
const KNOWS_TYPESCRIPT: bool = cfg!(feature = "typescript");

/// Expands `#[hub(..)]`.
pub(crate) fn hub(options: TokenStream, item: &TokenStream) -> TokenStream {
    let options = hub_options(options, KNOWS_TYPESCRIPT);
    expand(options.map(|options| (Side::Hub { client: options.client }, options.typescript)), item, "hub")
}

/// Expands `#[client(..)]`.
pub(crate) fn client(options: TokenStream, item: &TokenStream) -> TokenStream {
    let options = client_options(options, KNOWS_TYPESCRIPT);
    expand(options.map(|typescript| (Side::Client, typescript)), item, "client")
}

fn expand(options: syn::Result<(Side, bool)>, item: &TokenStream, attribute: &str) -> TokenStream {
    let declaration = match syn::parse2(item.clone()) {
        Ok(Item::Trait(declaration)) => declaration,
        Ok(_) => {
            let error = syn::Error::new(Span::call_site(), format_args!("write `#[{attribute}]` on a trait"));
            return with_errors(error, item);
        }
        Err(error) => return with_errors(error, item),
    };
    let (side, typescript) = match options {
        Ok(options) => options,
        Err(error) => return with_errors(error, item),
    };
    let module = match contract_path() {
        Ok(module) => module,
        Err(error) => return with_errors(error, item),
    };
    let (contract, faults) = parse::contract(declaration, &side);
    let code = match &side {
        Side::Hub { client } => hub::expand(&contract, client.as_ref(), typescript, &module),
        Side::Client => client::expand(&contract, &module),
    };
    let schema = typescript.then(|| match &side {
        Side::Hub { client } => typescript::hub(&contract, client.as_ref(), &module),
        Side::Client => typescript::client(&contract, &module),
    });
    let errors = faults.into_compile_errors();
    quote!(#errors #code #schema)
}

fn with_errors(error: syn::Error, item: &TokenStream) -> TokenStream {
    let error = error.into_compile_error();
    quote!(#error #item)
}

/// A trait with other items than were written.
fn declare(contract: &Contract, supertraits: &TokenStream, items: impl ToTokens) -> TokenStream {
    let ItemTrait { attrs, vis, ident, generics, supertraits: written, .. } = &contract.declaration;
    let where_clause = &generics.where_clause;
    let bounds =
        [written.to_token_stream(), supertraits.clone()].into_iter().filter(|bound| !bound.is_empty());
    quote! {
        #(#attrs)*
        #vis trait #ident #generics: #(#bounds)+* #where_clause {
            #items
        }
    }
}

/// A name that no name of the user can be confused with.
fn private(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
