//! The parameters of a method: the context if it takes one, then the arguments, uploads anywhere among them.

use syn::{
    FnArg, GenericArgument, Ident, Pat, PatType, Path, PathArguments, Signature, Type, TypeParamBound,
};

use super::{Faults, stream, ty};
use crate::model::{Parameter, Side};

/// How many arguments a method takes at most: serde reads tuples of this many.
const ARGUMENT_LIMIT: usize = 16;

/// How many uploads a method takes at most: enough for people, and few enough for a connection to hold.
const UPLOAD_LIMIT: usize = 16;

/// Reads all parameters but the receiver.
pub(super) fn read(
    signature: &Signature,
    side: &Side,
    faults: &mut Faults,
) -> (Option<Parameter>, Vec<Parameter>) {
    let mut context = None;
    let mut parameters = Vec::new();
    let (mut argument_count, mut upload_count) = (0, 0);
    for (index, input) in typed(signature).enumerate() {
        let parameter = parameter(input, faults);
        if ty::names(strip_reference(&input.ty), "Context") {
            check_context(&input.ty, index, side, faults);
            context = context.or(parameter);
            continue;
        }
        if stream::check_parameter(&input.ty, side, faults) {
            let item = stream::upload_item(&input.ty);
            ty::check_argument(item.unwrap_or(&input.ty), faults);
        }
        let Some(parameter) = parameter else { continue };
        let (count, limit, advice) = match &parameter.upload {
            None => (&mut argument_count, ARGUMENT_LIMIT, ARGUMENT_ADVICE),
            Some(_) => (&mut upload_count, UPLOAD_LIMIT, UPLOAD_ADVICE),
        };
        *count += 1;
        if *count == limit + 1 {
            faults.add(input, format_args!("{advice}: a method takes at most {limit}"));
        }
        parameters.push(parameter);
    }
    (context, parameters)
}

const ARGUMENT_ADVICE: &str = "put the arguments into a struct";
const UPLOAD_ADVICE: &str = "make one upload of several, with items of an enum";

fn typed(signature: &Signature) -> impl Iterator<Item = &PatType> {
    signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => Some(input),
        FnArg::Receiver(_) => None,
    })
}

fn parameter(input: &PatType, faults: &mut Faults) -> Option<Parameter> {
    for attribute in &input.attrs {
        faults.add(attribute, "remove this attribute: a parameter has a name and a type");
    }
    let Some(ident) = name(&input.pat) else {
        faults.add(&input.pat, "write a name alone: the implementation may take the argument apart");
        return None;
    };
    let upload = stream::upload_item(&input.ty).cloned();
    Some(Parameter { ident: ident.clone(), ty: Type::clone(&input.ty), upload })
}

/// The name of a parameter that is a name and nothing else.
pub(super) fn name(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(name) if name.by_ref.is_none() && name.mutability.is_none() && name.subpat.is_none() => {
            Some(&name.ident)
        }
        _ => None,
    }
}

fn strip_reference(ty: &Type) -> &Type {
    match ty {
        Type::Reference(reference) => &reference.elem,
        other => other,
    }
}

/// The place and the type of the context. Which clients it reaches is compared by name, for the sake of the message;
/// what names cannot tell, the types do.
fn check_context(ty: &Type, index: usize, side: &Side, faults: &mut Faults) {
    let Side::Hub { client } = side else {
        faults
            .add(ty, "remove the context: a client method has the arguments that the client receives, alone");
        return;
    };
    let wanted = wanted_context(client.as_ref());
    if !matches!(ty, Type::Reference(reference) if reference.mutability.is_none()) {
        faults.add(ty, format_args!("take `{wanted}`: the context is lent to the method"));
        return;
    }
    if index > 0 {
        faults.add(ty, format_args!("put the context first: `(&self, cx: {wanted}, ..)`"));
    }
    let named = named_client(strip_reference(ty));
    match (client, named) {
        (Some(client), Some(named)) if last_name(client) != last_name(&named) => faults.add(
            ty,
            format_args!(
                "take `{wanted}`: this hub has `client = {}`, and this is the context of another client trait",
                ty::spelled(client),
            ),
        ),
        (Some(client), None) => faults.add(
            ty,
            format_args!("take `{wanted}`: this hub has `client = {}`", ty::spelled(client)),
        ),
        (None, Some(named)) if last_name(&named).is_some_and(|name| name != "NoClient") => faults.add(
            ty,
            format_args!(
                "write `client = {}` into the parentheses of `#[hub(..)]`, or take `{wanted}`: this hub names no \
                 client trait",
                ty::spelled(&named),
            ),
        ),
        (Some(_) | None, _) => {}
    }
}

fn wanted_context(client: Option<&Path>) -> String {
    match client {
        Some(client) => format!("&Context<dyn {}>", ty::spelled(client)),
        None => "&Context".to_owned(),
    }
}

/// The client trait of `Context<dyn ChatClient>`.
fn named_client(context: &Type) -> Option<Path> {
    let PathArguments::AngleBracketed(arguments) = &ty::last_segment(context)?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(Type::TraitObject(object)) => {
            object.bounds.iter().find_map(|bound| match bound {
                TypeParamBound::Trait(bound) => Some(bound.path.clone()),
                _ => None,
            })
        }
        GenericArgument::Type(Type::Path(named)) => Some(named.path.clone()),
        _ => None,
    }
}

fn last_name(path: &Path) -> Option<&Ident> {
    path.segments.last().map(|segment| &segment.ident)
}
