//! What SignalR has and this version does not: answers from clients, and streams in either direction.
//!
//! Every refusal of a thing that is right in itself is here, and only those.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{PathSegment, ReturnType, Type};

use super::Faults;

/// The names by which a stream from the server is known.
const STREAMS: [&str; 3] = ["Stream", "BoxStream", "LocalBoxStream"];

/// The names by which a stream from the client is known.
const UPLOADS: [&str; 4] = ["Upload", "Stream", "BoxStream", "LocalBoxStream"];

/// Whether a method returns a stream.
pub(super) fn is_stream(output: &ReturnType) -> bool {
    match output {
        ReturnType::Default => false,
        ReturnType::Type(_, ty) => mentions(ty, &STREAMS),
    }
}

/// Whether an argument is a stream.
pub(super) fn is_upload(ty: &Type) -> bool {
    mentions(ty, &UPLOADS)
}

/// Refuses a stream in either direction.
pub(super) fn refuse_stream(at: impl ToTokens, faults: &mut Faults) {
    faults.add(at, "take or return whole values, such as `Vec<T>`: streams are not part of this version");
}

/// Refuses a client method that answers.
pub(super) fn refuse_client_result(at: impl ToTokens, faults: &mut Faults) {
    faults.add(at, "a client method returns nothing: answers from clients are not part of this version");
}

fn mentions(ty: &Type, names: &'static [&'static str]) -> bool {
    let mut search = Mention { names, is_found: false };
    search.visit_type(ty);
    search.is_found
}

struct Mention {
    names: &'static [&'static str],
    is_found: bool,
}

impl<'ast> Visit<'ast> for Mention {
    fn visit_path_segment(&mut self, segment: &'ast PathSegment) {
        self.is_found |= self.names.iter().any(|name| segment.ident == name);
        visit::visit_path_segment(self, segment);
    }
}
