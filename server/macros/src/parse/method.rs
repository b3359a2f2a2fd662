//! One method: its receiver, its qualifiers, and what is left to its parameters and types.

use quote::quote;
use syn::{FnArg, Pat, Receiver, ReturnType, Signature, TraitItem, TraitItemFn, Type};

use super::{Faults, RESERVED, parameter, ty, unsupported, written};
use crate::attribute::take_wire_name;
use crate::model::{Answer, Member, Method, Side};
use crate::wire_name::WireName;

/// Reads a method.
pub(super) fn read(mut item: TraitItemFn, side: &Side, faults: &mut Faults) -> Member {
    let mut own = Faults::default();
    let named = own.take(take_wire_name(&mut item.attrs)).flatten();
    check_qualifiers(&item, side, &mut own);
    check_receiver(&item.sig, side, &mut own);
    let (context, arguments) = parameter::read(&item.sig, side, &mut own);
    let answer = answer(&item.sig.output, side, &mut own);
    if !own.is_empty() {
        faults.append(own);
        return Member::Faulty(Box::new(TraitItem::Fn(without_patterns(item))));
    }
    let ident = item.sig.ident;
    let wire_name = named.unwrap_or_else(|| WireName::of_method(&ident));
    if wire_name.text().is_empty() {
        faults.add(&ident, "name this method with at least one letter: clients call it by its name");
    }
    Member::Method(Box::new(Method { attributes: item.attrs, ident, wire_name, context, arguments, answer }))
}

fn check_qualifiers(item: &TraitItemFn, side: &Side, faults: &mut Faults) {
    let noun = side.noun();
    let signature = &item.sig;
    let name = &signature.ident;
    if matches!(side, Side::Hub { .. }) && RESERVED.iter().any(|reserved| name == reserved) {
        faults.add(name, reserved_message(&name.to_string()));
    }
    if signature.asyncness.is_none() && !unsupported::is_stream(&signature.output) {
        let keyword = signature.fn_token;
        faults.add(
            quote!(#keyword #name),
            format_args!("write `async fn {name}(..)`: a {noun} method is asynchronous"),
        );
    }
    if let Some(unsafety) = &signature.unsafety {
        faults.add(unsafety, format_args!("remove `unsafe`: a {noun} method is called from the other side"));
    }
    if let Some(abi) = &signature.abi {
        faults.add(abi, format_args!("remove `extern`: a {noun} method is called through messages alone"));
    }
    let generics = &signature.generics;
    if !generics.params.is_empty() {
        faults.add(
            &generics.params,
            format_args!(
                "remove `{}`: a {noun} method has owned arguments of named types",
                written(generics)
            ),
        );
    }
    if let Some(clause) = &generics.where_clause {
        faults
            .add(clause, format_args!("remove the where clause: a {noun} method has no parameters to bound"));
    }
    if let Some(body) = &item.default {
        faults.add(body, format_args!("end `{name}` with `;`: the body belongs into the implementation"));
    }
}

fn reserved_message(name: &str) -> String {
    if name == "into_hub" {
        return "rename this method: every hub trait has an `into_hub` that makes the hub".to_owned();
    }
    format!(
        "remove `{name}` from the trait: every hub trait has it, and the implementation may write it without it being \
         declared; a method for clients needs another name"
    )
}

fn check_receiver(signature: &Signature, side: &Side, faults: &mut Faults) {
    let why = match side {
        Side::Hub { .. } => "one hub object serves all connections; keep state in a Mutex or an atomic",
        Side::Client => "one object receives all calls; keep state in a Mutex or an atomic",
    };
    match signature.receiver() {
        None => faults.add(
            &signature.ident,
            format_args!("add `&self` as the first parameter of `{}`: {why}", signature.ident),
        ),
        Some(receiver) if !is_plain_reference(receiver) => {
            faults.add(receiver, format_args!("take `&self`: {why}"));
        }
        Some(_) => {}
    }
}

fn is_plain_reference(receiver: &Receiver) -> bool {
    let is_bare = matches!(&receiver.reference, Some((_, None)));
    is_bare && receiver.mutability.is_none() && receiver.colon_token.is_none()
}

fn answer(output: &ReturnType, side: &Side, faults: &mut Faults) -> Answer {
    let ReturnType::Type(_, written) = output else {
        return Answer::Nothing;
    };
    if unsupported::is_stream(output) {
        unsupported::refuse_stream(written, faults);
        return Answer::Nothing;
    }
    match side {
        Side::Client if !is_unit(written) => unsupported::refuse_client_result(written, faults),
        Side::Client => {}
        Side::Hub { .. } => ty::check_returned(written, faults),
    }
    let written = Type::clone(written);
    if is_result(&written) { Answer::Result(written) } else { Answer::Plain(written) }
}

fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}

fn is_result(ty: &Type) -> bool {
    ty::last_segment(ty).is_some_and(|segment| segment.ident == "Result")
}

/// The method without what no method without a body may have, so that the compiler adds nothing to the faults told.
fn without_patterns(mut item: TraitItemFn) -> TraitItemFn {
    for input in &mut item.sig.inputs {
        if let FnArg::Typed(input) = input
            && parameter::name(&input.pat).is_none()
        {
            *input.pat = Pat::Wild(syn::PatWild {
                attrs: Vec::new(),
                underscore_token: syn::token::Underscore::default(),
            });
        }
    }
    item
}
