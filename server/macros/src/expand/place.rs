//! Where in the source written code seems to stand, which is where the compiler reports what is wrong with it.

use proc_macro2::{Span, TokenStream};
use syn::Type;
use syn::spanned::Spanned;

use crate::parse::last_segment;

/// The place of something of the user's, for names that the user does not see.
pub(super) fn place_of(spanned: &impl Spanned) -> Span {
    Span::mixed_site().located_at(spanned.span())
}

/// The place of a type: its last name, as a span over several tokens cannot be made.
pub(super) fn place_of_type(ty: &Type) -> Span {
    let referent = match ty {
        Type::Reference(reference) => &reference.elem,
        other => other,
    };
    match last_segment(referent) {
        Some(segment) => place_of(&segment.ident),
        None => place_of(referent),
    }
}

/// The same path in another place.
pub(super) fn located(path: &TokenStream, place: Span) -> TokenStream {
    let moved = path.clone().into_iter().map(|mut token| {
        token.set_span(place);
        token
    });
    moved.collect()
}
