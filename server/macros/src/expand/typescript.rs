//! What `typescript` in the parentheses adds: a description of the trait that becomes TypeScript.
//!
//! The types of methods stand in bounds of their own, where the user wrote them: one that has no TypeScript is told
//! there, once.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Meta, MetaNameValue, Path, Token, Type};

use super::call::success_and_error;
use super::place::{located, place_of};
use crate::model::{Answer, Contract, Method};
use crate::parse::is_result;

/// Writes the type that stands for a hub's contract.
pub(super) fn hub(contract: &Contract, client: Option<&Path>, module: &TokenStream) -> TokenStream {
    if !contract.is_plain {
        return TokenStream::new();
    }
    let (visibility, name) = (&contract.declaration.vis, &contract.declaration.ident);
    let schema = schema_name(contract);
    let doc = format!("The contract of [`{name}`] as a type, for the functions of `hubcast::typescript`.");
    let interface = interface(contract, module);
    let client = client.map(|client| {
        let place = place_of(client);
        let function = located(&quote!(#module::typescript::Description::client), place);
        let with_client = quote_spanned!(place=> #function::<dyn #client>);
        quote!(let description = #with_client(description);)
    });
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
        #[allow(dead_code, reason = "tests name it, and a hub that is served")]
        #visibility struct #schema;

        impl #module::typescript::Schema for #schema {
            fn describe() -> #module::typescript::Description {
                let description = #module::typescript::Description::new({ #interface });
                #client
                description
            }
        }
    }
}

/// Writes how the clients' contract is described.
pub(super) fn client(contract: &Contract, module: &TokenStream) -> TokenStream {
    if !contract.is_plain {
        return TokenStream::new();
    }
    let name = &contract.declaration.ident;
    let interface = interface(contract, module);
    quote! {
        impl #module::typescript::ClientSchema for dyn #name {
            fn describe() -> #module::typescript::Interface {
                #interface
            }
        }
    }
}

/// An expression for what stands for all names and types.
pub(super) fn hash(contract: &Contract, module: &TokenStream) -> TokenStream {
    let schema = schema_name(contract);
    quote!(#module::typescript::Description::hash(&<#schema as #module::typescript::Schema>::describe()))
}

fn schema_name(contract: &Contract) -> Ident {
    format_ident!("{}Schema", contract.declaration.ident)
}

/// Statements that end in the description of the trait.
fn interface(contract: &Contract, module: &TokenStream) -> TokenStream {
    let name = contract.declaration.ident.unraw().to_string();
    let docs = docs(&contract.declaration.attrs);
    let methods = contract.methods().map(|method| {
        let conditions = method.conditions();
        let method = described(method, module);
        quote! {
            #(#conditions)*
            let interface = #module::typescript::Interface::method(interface, #method);
        }
    });
    quote! {
        let interface = #module::typescript::Interface::new(#name, &[#(#docs),*]);
        #(#methods)*
        interface
    }
}

fn described(method: &Method, module: &TokenStream) -> TokenStream {
    let (name, docs) = (&method.wire_name, docs(&method.attributes));
    let deprecated = method.attributes.iter().find_map(deprecation).map(|why| quote!(.deprecated(#why)));
    let parameters = method.parameters.iter().map(|parameter| {
        let (ty, name) = (&parameter.ty, parameter.ident.unraw().to_string());
        match &parameter.upload {
            Some(item) => quote!(.upload::<#item>(#name)),
            None => quote!(.argument::<#ty>(#name)),
        }
    });
    let answer = match &method.answer {
        Answer::Nothing => TokenStream::new(),
        Answer::Plain(ty) => quote!(.answer::<#ty>()),
        Answer::Result(ty) => {
            let value = value(ty, module);
            quote!(.answer::<#value>())
        }
        Answer::Stream(stream) => {
            let item = value(&stream.item, module);
            quote!(.stream::<#item>())
        }
    };
    quote!(#module::typescript::Method::new(#name, &[#(#docs),*]) #deprecated #(#parameters)* #answer)
}

/// What is in a `Result`; any other type is its own value.
fn value(ty: &Type, module: &TokenStream) -> TokenStream {
    if !is_result(ty) {
        return ty.to_token_stream();
    }
    match success_and_error(ty) {
        Some((success, _)) => success.to_token_stream(),
        None => quote!(<#ty as #module::typescript::Outcome>::Value),
    }
}

/// The texts of the documentation, an attribute each.
fn docs(attributes: &[Attribute]) -> Vec<&Expr> {
    let texts = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(MetaNameValue { path, value, .. }) if path.is_ident("doc") => Some(value),
        _ => None,
    });
    texts.collect()
}

/// Why a method should not be called, if an attribute says that: empty if it does not say why.
fn deprecation(attribute: &Attribute) -> Option<TokenStream> {
    if !attribute.path().is_ident("deprecated") {
        return None;
    }
    let no_reason = || quote!("");
    Some(match &attribute.meta {
        Meta::Path(_) => no_reason(),
        Meta::NameValue(why) => why.value.to_token_stream(),
        Meta::List(_) => {
            let options = attribute.parse_args_with(Punctuated::<MetaNameValue, Token![,]>::parse_terminated);
            let note = options
                .ok()
                .and_then(|options| options.into_iter().find(|option| option.path.is_ident("note")));
            note.map_or_else(no_reason, |note| note.value.into_token_stream())
        }
    })
}
