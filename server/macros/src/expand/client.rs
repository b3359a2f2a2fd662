//! What `#[client]` writes: the trait in a dyn compatible form, and which types call the other side.
//!
//! Not here: those types (`proxy`).

use proc_macro2::TokenStream;
use quote::quote;

use super::declare;
use super::method::in_client;
use super::proxy::{self, Receivers};
use crate::model::Contract;

/// Writes the trait of a hub's clients and what belongs to it.
pub(super) fn expand(contract: &Contract, module: &TokenStream) -> TokenStream {
    let members = contract.members.iter().map(in_client);
    let declaration = declare(contract, &TokenStream::new(), quote!(#(#members)*));
    // A server calls the proxies and implements nothing: there every method of the trait is unused.
    let declaration = quote!(#[allow(dead_code, reason = "the clients implement it")] #declaration);
    if !contract.is_plain {
        return declaration;
    }
    let client = &contract.declaration.ident;
    let (several, single) = (Receivers::Several, Receivers::Single);
    let (proxy, single_proxy) = (several.type_name(client), single.type_name(client));
    let types = [several, single].map(|receivers| receivers.declare(contract, module));
    let checks = contract.methods().map(|method| proxy::checks(method, module));
    let methods = [several, single].map(|receivers| receivers.methods(contract, module));
    quote! {
        #declaration

        impl #module::Client for dyn #client {
            type Proxy<'a> = #proxy<'a>;
            type Single<'a> = #single_proxy<'a>;
        }

        #(#types)*

        const _: () = {
            #(#checks)*
            #(#methods)*
        };
    }
}
