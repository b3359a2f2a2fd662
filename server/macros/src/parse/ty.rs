//! What the text of a type tells: whether it borrows, and what to write if it does.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Lifetime, PathSegment, Type, TypeImplTrait, TypeReference};

use super::Faults;

/// Checks that an argument owns all of itself.
pub(super) fn check_argument(ty: &Type, faults: &mut Faults) {
    Borrows { faults, verb: "take", why: "arguments are owned", allows_static: false }.visit_type(ty);
}

/// Checks that a return value owns all of itself or borrows for ever.
pub(super) fn check_returned(ty: &Type, faults: &mut Faults) {
    Borrows { faults, verb: "return", why: "an answer outlives its call", allows_static: true }
        .visit_type(ty);
}

/// Checks that what a client answers owns all of itself.
pub(super) fn check_client_answer(ty: &Type, faults: &mut Faults) {
    Borrows { faults, verb: "return", why: "an answer is read into owned values", allows_static: false }
        .visit_type(ty);
}

/// The last segment of a path type: `Result<(), E>` of `std::result::Result<(), E>`.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        Type::Group(group) => last_segment(&group.elem),
        Type::Paren(paren) => last_segment(&paren.elem),
        _ => None,
    }
}

/// The last segment of a path type, if it is `name`.
pub(super) fn named<'a>(ty: &'a Type, name: &str) -> Option<&'a PathSegment> {
    last_segment(ty).filter(|segment| segment.ident == name)
}

/// Whether a type's path ends in `name`.
pub(super) fn names(ty: &Type, name: &str) -> bool {
    named(ty, name).is_some()
}

/// Whether a type is named `Result`, be it an alias.
pub(crate) fn is_result(ty: &Type) -> bool {
    names(ty, "Result")
}

/// Finds what is borrowed and what is not named in a type.
struct Borrows<'a> {
    faults: &'a mut Faults,
    verb: &'static str,
    why: &'static str,
    /// Serde writes what lives for ever, but cannot read into it.
    allows_static: bool,
}

impl<'ast> Visit<'ast> for Borrows<'_> {
    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        let lives_for_ever = reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static");
        if lives_for_ever && self.allows_static {
            visit::visit_type(self, &reference.elem);
            return;
        }
        let (verb, why) = (self.verb, self.why);
        let owned = owned(&reference.elem);
        self.faults
            .add(reference, format_args!("{verb} `{owned}` instead of `{}`: {why}", spelled(reference)));
    }

    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        if lifetime.ident != "static" {
            let (verb, why) = (self.verb, self.why);
            self.faults.add(lifetime, format_args!("{verb} a type without the lifetime `{lifetime}`: {why}"));
        }
    }

    fn visit_type_impl_trait(&mut self, opaque: &'ast TypeImplTrait) {
        let verb = self.verb;
        self.faults.add(
            opaque,
            format_args!("{verb} a named type instead of `{}`: both sides must know it", spelled(opaque)),
        );
    }
}

/// The owned counterpart of what a reference refers to.
fn owned(referent: &Type) -> String {
    match referent {
        Type::Slice(slice) => format!("Vec<{}>", spelled(&slice.elem)),
        other if names(other, "str") => "String".to_owned(),
        other if names(other, "Path") => "PathBuf".to_owned(),
        other => spelled(other),
    }
}

/// A type as people write it: the printer of tokens puts spaces everywhere.
pub(super) fn spelled(ty: impl ToTokens) -> String {
    let spaced = ty.to_token_stream().to_string();
    spaced
        .replace("& ", "&")
        .replace(" < ", "<")
        .replace(" >", ">")
        .replace(" ,", ",")
        .replace(" :: ", "::")
        .replace("[ ", "[")
        .replace(" ]", "]")
}
