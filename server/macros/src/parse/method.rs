//! One method: its receiver, its qualifiers, and what is left to its parameters and types.

use quote::quote;
use syn::{FnArg, Pat, Receiver, ReturnType, Signature, TraitItem, TraitItemFn, Type};

use super::{Faults, RESERVED, authorization, parameter, stream, ty, written};
use crate::attribute::take_wire_name;
use crate::model::{Answer, Member, Method, Side};
use crate::wire_name::WireName;

/// Reads a method.
pub(super) fn read(mut item: TraitItemFn, side: &Side, faults: &mut Faults) -> Member {
    let mut own = Faults::default();
    let named = own.take(take_wire_name(&mut item.attrs)).flatten();
    let requirements = authorization(&mut item.attrs, side, &mut own);
    check_qualifiers(&item, side, &mut own);
    check_receiver(&item.sig, side, &mut own);
    let (context, parameters) = parameter::read(&item.sig, side, &mut own);
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
    Member::Method(Box::new(Method {
        attributes: item.attrs,
        ident,
        wire_name,
        is_async: item.sig.asyncness.is_some(),
        requirements,
        context,
        parameters,
        answer,
    }))
}

fn check_qualifiers(item: &TraitItemFn, side: &Side, faults: &mut Faults) {
    let noun = side.noun();
    let signature = &item.sig;
    let name = &signature.ident;
    if matches!(side, Side::Hub { .. }) && RESERVED.iter().any(|reserved| name == reserved) {
        faults.add(name, reserved_message(&name.to_string()));
    }
    if signature.asyncness.is_none() && !stream::is_in(&signature.output) {
        let keyword = signature.fn_token;
        let unless = match side {
            Side::Hub { .. } => " unless it returns a stream",
            Side::Client => "",
        };
        faults.add(
            quote!(#keyword #name),
            format_args!("write `async fn {name}(..)`: a {noun} method is asynchronous{unless}"),
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
    let mut own = Faults::default();
    let streamed = stream::returned(written, side, &mut own);
    if let Some(streamed) = streamed {
        return Answer::Stream(Box::new(streamed));
    }
    if !own.is_empty() {
        faults.append(own);
        return Answer::Nothing;
    }
    match side {
        Side::Client => client_answer(written, faults),
        Side::Hub { .. } => {
            ty::check_returned(written, faults);
            let written = Type::clone(written);
            if ty::is_result(&written) { Answer::Result(written) } else { Answer::Plain(written) }
        }
    }
}

fn client_answer(written: &Type, faults: &mut Faults) -> Answer {
    if is_unit(written) {
        return Answer::Nothing;
    }
    if ty::is_result(written) {
        faults.add(
            written,
            "return the value alone, without `Result`: that a client fails, is gone or takes too long is an error of \
             each call by itself",
        );
    } else {
        ty::check_client_answer(written, faults);
    }
    Answer::Plain(written.clone())
}

fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
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
