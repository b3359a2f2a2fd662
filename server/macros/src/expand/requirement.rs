//! What is asked of callers, as values of the contract module.

use proc_macro2::TokenStream;
use quote::quote;

use crate::authorize::Requirement;

/// An expression for each requirement.
pub(super) fn expressions(
    requirements: &[Requirement],
    module: &TokenStream,
) -> impl Iterator<Item = TokenStream> {
    let ty = quote!(#module::Requirement);
    requirements.iter().map(move |requirement| match requirement {
        Requirement::Authenticated => quote!(#ty::authenticated()),
        Requirement::Role(role) => quote!(#ty::role(#role)),
        Requirement::Roles(roles) => quote!(#ty::roles([#(#roles),*])),
        Requirement::Policy(function) => quote!(#ty::policy(#function)),
    })
}
