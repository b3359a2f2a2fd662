//! Streams in signatures: what a hub method returns as one, what it takes as one, and where neither may stand.
//!
//! A stream is told by its name: `impl Stream<Item = T>`, `BoxStream<'_, T>` or `Pin<Box<dyn Stream<Item = T> + Send>>`
//! to return, `Upload<T>` to take. What hides behind another name is told by the compiler, as nothing that serde knows.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{
    GenericArgument, PathArguments, PathSegment, ReturnType, Token, Type, TypeImplTrait, TypeParamBound,
    TypeTraitObject, parse_quote,
};

use super::{Faults, ty};
use crate::model::{Side, Streamed};

/// Whether a return type has a stream anywhere.
pub(super) fn is_in(output: &ReturnType) -> bool {
    match output {
        ReturnType::Default => false,
        ReturnType::Type(_, ty) => !Streams::of(ty).returned.is_empty(),
    }
}

/// Reads a return type that may be a stream. One that is a stream in a wrong way is told and is none.
pub(super) fn returned(written: &Type, side: &Side, faults: &mut Faults) -> Option<Streamed> {
    let streams = Streams::of(written);
    if let Some(upload) = streams.uploads.first() {
        let (upload, items) = (ty::spelled(upload), items_of(upload));
        let message =
            format!("return `impl Stream<Item = {items}>` instead of `{upload}`: that one is taken");
        faults.add(written, message);
        return None;
    }
    let nested = streams.returned.first()?;
    if matches!(side, Side::Client) {
        faults.add(
            nested,
            "return a whole value, such as `Vec<T>`: a client sends a stream by calling a hub method that takes an \
             `Upload<T>`",
        );
        return None;
    }
    let mut declared = written.clone();
    let is_in_result = success(written).is_some_and(is_stream);
    let stream = if is_in_result { success_mut(&mut declared) } else { Some(&mut declared) };
    let Some(stream) = stream.filter(|stream| is_stream(stream)) else {
        faults.add(
            nested,
            "return the stream itself, or a `Result` of it: what goes with it is an item of it, or another method",
        );
        return None;
    };
    let item = returned_item(stream, faults)?;
    if let Type::ImplTrait(opaque) = stream
        && !opaque.bounds.iter().any(is_send)
    {
        opaque.bounds.push(parse_quote!(::core::marker::Send));
    }
    Some(Streamed { declared, is_in_result, item })
}

/// The type of a stream's items, if the stream is as it has to be.
fn returned_item(stream: &Type, faults: &mut Faults) -> Option<Type> {
    let spelled = ty::spelled(stream);
    if ty::names(stream, "LocalBoxStream") {
        faults.add(
            stream,
            "return `impl Stream<Item = T>` or `BoxStream<'_, T>`: the stream moves between threads",
        );
        return None;
    }
    if let Some(bounds) = boxed_bounds(stream)
        && !bounds.iter().any(is_send)
    {
        faults.add(
            stream,
            format_args!("add `+ Send` to the bounds in `{spelled}`: the stream moves between threads"),
        );
        return None;
    }
    let Some(item) = item(stream) else {
        faults.add(
            stream,
            format_args!("name the type of the items: `impl Stream<Item = T>` instead of `{spelled}`"),
        );
        return None;
    };
    if let Some(nested) = Streams::of(item).any() {
        faults.add(nested, "name the type of a value here: a stream of streams cannot be sent");
        return None;
    }
    let mut own = Faults::default();
    ty::check_returned(item, &mut own);
    let is_good = own.is_empty();
    faults.append(own);
    is_good.then(|| item.clone())
}

/// The type of the items of an `Upload<T>`.
pub(super) fn upload_item(ty: &Type) -> Option<&Type> {
    last_type(ty::named(ty, "Upload")?)
}

/// Checks that no stream is in a parameter but as an `Upload<T>` that a hub method takes. Gives whether that is so.
pub(super) fn check_parameter(ty: &Type, side: &Side, faults: &mut Faults) -> bool {
    let inside = upload_item(ty).unwrap_or(ty);
    let is_upload = !std::ptr::eq(inside, ty);
    let streams = Streams::of(inside);
    if matches!(side, Side::Client) && (is_upload || streams.any().is_some()) {
        faults.add(
            ty,
            "take a whole value, such as `Vec<T>`: a client takes in a stream by calling a hub method that returns \
             `impl Stream<Item = T>`",
        );
        return false;
    }
    if let Some(nested) = streams.any().filter(|_| is_upload) {
        faults.add(nested, "name the type of a value here: a stream of streams cannot be sent");
        return false;
    }
    if let Some(upload) = streams.uploads.first() {
        let spelled = ty::spelled(upload);
        faults.add(ty, format_args!("take `{spelled}` itself: each upload is a parameter of its own"));
        return false;
    }
    if let Some(stream) = streams.returned.first() {
        let items = stream.item().map_or_else(|| "T".to_owned(), ty::spelled);
        let spelled = ty::spelled(stream);
        faults.add(
            ty,
            format_args!("take `Upload<{items}>` instead of `{spelled}`: it is a stream of its own"),
        );
        return false;
    }
    true
}

fn items_of(upload: &PathSegment) -> String {
    last_type(upload).map_or_else(|| "T".to_owned(), ty::spelled)
}

/// The success of a type named `Result`.
fn success(ty: &Type) -> Option<&Type> {
    let result = ty::named(ty, "Result")?;
    let PathArguments::AngleBracketed(arguments) = &result.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(success) => Some(success),
        _ => None,
    }
}

fn success_mut(ty: &mut Type) -> Option<&mut Type> {
    let Type::Path(path) = ty else {
        return None;
    };
    let PathArguments::AngleBracketed(arguments) = &mut path.path.segments.last_mut()?.arguments else {
        return None;
    };
    match arguments.args.first_mut()? {
        GenericArgument::Type(success) => Some(success),
        _ => None,
    }
}

/// Whether a type is a stream as such.
fn is_stream(ty: &Type) -> bool {
    match ty {
        Type::ImplTrait(opaque) => stream_bound(&opaque.bounds).is_some(),
        other => is_box_stream(other) || boxed_bounds(other).is_some(),
    }
}

fn is_box_stream(ty: &Type) -> bool {
    ty::last_segment(ty).is_some_and(is_named_box)
}

fn is_named_box(segment: &PathSegment) -> bool {
    segment.ident == "BoxStream" || segment.ident == "LocalBoxStream"
}

/// The type of a stream's items.
fn item(stream: &Type) -> Option<&Type> {
    match stream {
        Type::ImplTrait(opaque) => associated_item(&opaque.bounds),
        other if is_box_stream(other) => last_type(ty::last_segment(other)?),
        other => associated_item(boxed_bounds(other)?),
    }
}

/// The bounds of the object in `Pin<Box<dyn Stream<Item = T>>>`.
fn boxed_bounds(ty: &Type) -> Option<&Bounds> {
    let pinned = last_type(ty::named(ty, "Pin")?)?;
    let boxed = last_type(ty::named(pinned, "Box")?)?;
    match boxed {
        Type::TraitObject(object) if stream_bound(&object.bounds).is_some() => Some(&object.bounds),
        _ => None,
    }
}

type Bounds = Punctuated<TypeParamBound, Token![+]>;

/// The bound that is named `Stream`.
fn stream_bound(bounds: &Bounds) -> Option<&PathSegment> {
    bounds.iter().find_map(|bound| last_name(bound).filter(|segment| segment.ident == "Stream"))
}

fn is_send(bound: &TypeParamBound) -> bool {
    last_name(bound).is_some_and(|segment| segment.ident == "Send")
}

fn last_name(bound: &TypeParamBound) -> Option<&PathSegment> {
    match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last(),
        _ => None,
    }
}

/// `T` of `Stream<Item = T>`.
fn associated_item(bounds: &Bounds) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &stream_bound(bounds)?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(item) if item.ident == "Item" => Some(&item.ty),
        _ => None,
    })
}

/// The last type among the arguments of a generic type: `T` of `BoxStream<'_, T>`.
fn last_type(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().rev().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// The streams in a type, the outermost first.
#[derive(Default)]
struct Streams<'ast> {
    /// Those of the kind that is returned.
    returned: Vec<Found<'ast>>,
    /// Those of the kind that is taken.
    uploads: Vec<&'ast PathSegment>,
}

/// A stream where it is written.
enum Found<'ast> {
    Opaque(&'ast TypeImplTrait),
    Object(&'ast TypeTraitObject),
    Named(&'ast PathSegment),
}

impl<'ast> Found<'ast> {
    /// The type of its items.
    fn item(&self) -> Option<&'ast Type> {
        match self {
            Self::Opaque(opaque) => associated_item(&opaque.bounds),
            Self::Object(object) => associated_item(&object.bounds),
            Self::Named(segment) => last_type(segment),
        }
    }
}

impl<'ast> Streams<'ast> {
    fn of(ty: &'ast Type) -> Self {
        let mut streams = Self::default();
        streams.visit_type(ty);
        streams
    }

    /// One of them, where it is written.
    fn any(&self) -> Option<&dyn ToTokens> {
        let returned = self.returned.first().map(|found| found as &dyn ToTokens);
        returned.or_else(|| self.uploads.first().map(|upload| upload as &dyn ToTokens))
    }
}

impl<'ast> Visit<'ast> for Streams<'ast> {
    fn visit_type_impl_trait(&mut self, opaque: &'ast TypeImplTrait) {
        if stream_bound(&opaque.bounds).is_some() {
            self.returned.push(Found::Opaque(opaque));
        }
        visit::visit_type_impl_trait(self, opaque);
    }

    fn visit_type_trait_object(&mut self, object: &'ast TypeTraitObject) {
        if stream_bound(&object.bounds).is_some() {
            self.returned.push(Found::Object(object));
        }
        visit::visit_type_trait_object(self, object);
    }

    fn visit_path_segment(&mut self, segment: &'ast PathSegment) {
        if is_named_box(segment) {
            self.returned.push(Found::Named(segment));
        } else if segment.ident == "Upload" && last_type(segment).is_some() {
            self.uploads.push(segment);
        }
        visit::visit_path_segment(self, segment);
    }
}

impl ToTokens for Found<'_> {
    fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
        match self {
            Self::Opaque(opaque) => opaque.to_tokens(tokens),
            Self::Object(object) => object.to_tokens(tokens),
            Self::Named(segment) => segment.to_tokens(tokens),
        }
    }
}
