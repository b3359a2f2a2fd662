//! What `#[client]` writes: the trait in a dyn compatible form, and the proxy that calls the other side.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Ident};

use super::method::{ArgumentTypes, in_client};
use super::{declare, private};
use crate::model::{Contract, Method};

/// Writes the trait of a hub's clients and what belongs to it.
pub(super) fn expand(contract: &Contract, module: &TokenStream) -> TokenStream {
    let members = contract.members.iter().map(in_client);
    let declaration = declare(contract, &TokenStream::new(), quote!(#(#members)*));
    // A server calls the proxy and implements nothing: there every method of the trait is unused.
    let declaration = quote!(#[allow(dead_code, reason = "the clients implement it")] #declaration);
    if !contract.is_plain {
        return declaration;
    }
    let proxy = proxy(contract, module);
    let client = &contract.declaration.ident;
    let proxy_name = proxy_name(client);
    quote! {
        #declaration

        impl #module::Client for dyn #client {
            type Proxy<'a> = #proxy_name<'a>;
            type Single<'a> = #proxy_name<'a>;
        }

        #proxy
    }
}

fn proxy_name(client: &Ident) -> Ident {
    format_ident!("{client}Proxy")
}

fn proxy(contract: &Contract, module: &TokenStream) -> TokenStream {
    let visibility = &contract.declaration.vis;
    let client = &contract.declaration.ident;
    let name = proxy_name(client);
    let doc = format!("Some receivers, with the methods of [`{client}`] to call on each of them.");
    let methods = contract.methods().map(|method| {
        let (attributes, method) = (attributes(method), send(method, module));
        quote!(#(#attributes)* #visibility #method)
    });
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone)]
        #visibility struct #name<'a>(#module::Proxy<'a>);

        impl<'a> ::core::convert::From<#module::Proxy<'a>> for #name<'a> {
            fn from(proxy: #module::Proxy<'a>) -> Self {
                Self(proxy)
            }
        }

        #[allow(dead_code, reason = "a server need not call every method of its clients")]
        impl #name<'_> {
            #(#methods)*
        }
    }
}

/// What the proxy's method takes over from the trait's, and what it says of itself.
fn attributes(method: &Method) -> Vec<Attribute> {
    let kept = ["doc", "cfg", "deprecated"];
    let is_kept = |attribute: &&Attribute| kept.iter().any(|name| attribute.path().is_ident(name));
    let errors = "# Errors\n\nIf the arguments cannot be encoded. That a receiver is gone is no error.";
    let mut attributes: Vec<_> = method.attributes.iter().filter(is_kept).cloned().collect();
    if !attributes.iter().any(|attribute| attribute.path().is_ident("doc")) {
        let summary = format!("Calls `{}` on the receivers.", method.wire_name.text());
        attributes.push(syn::parse_quote!(#[doc = #summary]));
    }
    attributes.push(syn::parse_quote!(#[doc = ""]));
    attributes.push(syn::parse_quote!(#[doc = #errors]));
    attributes
}

fn send(method: &Method, module: &TokenStream) -> TokenStream {
    let Method { ident, wire_name, arguments, .. } = method;
    let result = quote!(::core::result::Result<(), #module::SendError>);
    if arguments.is_empty() {
        return quote! {
            async fn #ident(&self) -> #result {
                let none: [(); 0] = [];
                self.0.send(#wire_name, &none).await
            }
        };
    }
    let types = ArgumentTypes::of(method);
    let (bounded, tuple, written) =
        (types.bounded(&quote!(#module::ClientArgument)), types.tuple(), types.written());
    let names = arguments.iter().map(|argument| &argument.ident);
    // A parameter of the user could have a plainer name, and items do not yield to parameters.
    let encodable = private("__encodable");
    quote! {
        async fn #ident(&self, #(#arguments),*) -> #result {
            fn #encodable<#bounded>(arguments: &#tuple) -> &(dyn #module::EncodeArguments + '_) {
                arguments
            }
            self.0.send(#wire_name, #encodable::<#(#written),*>(&(#(#names,)*))).await
        }
    }
}
