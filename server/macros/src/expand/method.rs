//! What both expansions write for a method: its place in the trait, and a function that checks argument types.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, TraitItem, Type, parse_quote};

use crate::model::{Member, Method};

/// The type parameters of a function that is generic over a method's arguments.
///
/// The function is called with the types of the arguments, whose bounds then fail where the types are written, once.
pub(super) struct ArgumentTypes<'a> {
    method: &'a Method,
    parameters: Vec<Ident>,
}

impl<'a> ArgumentTypes<'a> {
    pub(super) fn of(method: &'a Method) -> Self {
        let parameters = (0..method.arguments().count()).map(|index| format_ident!("A{index}")).collect();
        Self { method, parameters }
    }

    /// The parameters with a bound: `A0: Bound, A1: Bound`.
    pub(super) fn bounded(&self, bound: &TokenStream) -> TokenStream {
        let parameters = &self.parameters;
        quote!(#(#parameters: #bound),*)
    }

    /// The tuple of the parameters: `(A0, A1,)`.
    pub(super) fn tuple(&self) -> TokenStream {
        let parameters = &self.parameters;
        quote!((#(#parameters,)*))
    }

    /// The types that they stand for, as written.
    pub(super) fn written(&self) -> impl Iterator<Item = &'a Type> + use<'a> {
        self.method.arguments().map(|argument| &argument.ty)
    }
}

/// A member as it stands in the trait of a hub.
pub(super) fn in_hub(member: &Member) -> TokenStream {
    match member {
        Member::Method(method) => {
            let signature = method.signature();
            quote!(#signature;)
        }
        Member::Faulty(item) => quote!(#[allow(async_fn_in_trait)] #item),
    }
}

/// A member as it stands in the trait of the clients, which has to be dyn compatible.
pub(super) fn in_client(member: &Member) -> TokenStream {
    match member {
        Member::Method(method) => {
            let signature = method.signature();
            quote!(#signature where Self: ::core::marker::Sized;)
        }
        Member::Faulty(item) => {
            let TraitItem::Fn(mut item) = TraitItem::clone(item) else {
                return TokenStream::new();
            };
            item.sig.generics.make_where_clause().predicates.push(parse_quote!(Self: ::core::marker::Sized));
            quote!(#[allow(async_fn_in_trait)] #item)
        }
    }
}
