//! From the trait as written to the model, with every fault of it.
//!
//! The rule that is easy to break: a fault is never the end. The rest is read all the same, so that one run of the
//! compiler tells everything.
//! Not here: what is wrong with types alone (not serializable, for instance). The compiler tells that from the bounds
//! in the expansion.

mod faults;
mod method;
mod parameter;
mod stream;
mod ty;

use syn::{Attribute, Generics, ItemTrait, TraitItem};

pub(crate) use faults::Faults;
pub(crate) use ty::{is_result, last_segment};

use crate::authorize::{Requirement, is_authorize, take_requirements};
use crate::model::{Contract, Member, Method, Side};

/// The methods that `#[hub]` adds.
const RESERVED: [&str; 4] = ["connected", "disconnected", "authentication_refreshed", "into_hub"];

/// Reads a trait.
pub(crate) fn contract(mut declaration: ItemTrait, side: &Side) -> (Contract, Faults) {
    let mut faults = Faults::default();
    let is_plain = check_declaration(&declaration, side, &mut faults);
    let requirements = authorization(&mut declaration.attrs, side, &mut faults);
    let items = std::mem::take(&mut declaration.items);
    let members = items.into_iter().map(|item| member(item, side, &mut faults)).collect();
    let contract = Contract { declaration, is_plain, requirements, members };
    check_names(&contract, side, &mut faults);
    (contract, faults)
}

/// Gives whether the trait can be named without parameters.
fn check_declaration(declaration: &ItemTrait, side: &Side, faults: &mut Faults) -> bool {
    let noun = side.noun();
    if let Some(unsafety) = &declaration.unsafety {
        faults
            .add(unsafety, format_args!("remove `unsafe`: a {noun} trait asks nothing of its implementors"));
    }
    if let Some(auto) = &declaration.auto_token {
        faults.add(auto, format_args!("remove `auto`: a {noun} trait has methods"));
    }
    let generics = &declaration.generics;
    if !generics.params.is_empty() {
        faults.add(
            &generics.params,
            format_args!(
                "remove `{}`: a {noun} trait is one contract, the same for every client",
                written(generics)
            ),
        );
    }
    if let Some(clause) = &generics.where_clause {
        faults.add(
            clause,
            format_args!("remove the where clause: a {noun} trait is the same for every client"),
        );
    }
    generics.params.is_empty()
}

/// Parameters as they stand in the source: `<'a, T>`.
fn written(generics: &Generics) -> String {
    let parameters: Vec<_> = generics.params.iter().map(ty::spelled).collect();
    format!("<{}>", parameters.join(", "))
}

/// Takes what is asked of callers out of the attributes of a trait or a method.
fn authorization(attributes: &mut Vec<Attribute>, side: &Side, faults: &mut Faults) -> Vec<Requirement> {
    if matches!(side, Side::Client) {
        for attribute in attributes.extract_if(.., |attribute| is_authorize(attribute)) {
            faults.add(
                attribute,
                "remove `#[authorize]`: it is hub methods that ask something of their callers",
            );
        }
    }
    faults.take(take_requirements(attributes)).unwrap_or_default()
}

fn member(item: TraitItem, side: &Side, faults: &mut Faults) -> Member {
    match item {
        TraitItem::Fn(method) => method::read(method, side, faults),
        other => {
            faults.add(
                &other,
                format_args!("move this out of the trait: a {} trait has methods alone", side.noun()),
            );
            Member::Faulty(Box::new(other))
        }
    }
}

fn check_names(contract: &Contract, side: &Side, faults: &mut Faults) {
    let methods: Vec<&Method> = contract.methods().collect();
    for (index, method) in methods.iter().enumerate() {
        let clash = methods[..index].iter().find(|earlier| is_same_method(earlier, method, side));
        if let Some(earlier) = clash {
            faults
                .add_error(syn::Error::new(method.wire_name.origin(), clash_message(earlier, method, side)));
        }
    }
}

fn is_same_method(earlier: &Method, later: &Method, side: &Side) -> bool {
    // Methods under conditions may exclude each other. If they do not, the definition of the hub panics.
    if earlier.conditions().next().is_some() && later.conditions().next().is_some() {
        return false;
    }
    match side {
        Side::Hub { .. } => earlier.wire_name.is_same_to_hubs(&later.wire_name),
        Side::Client => earlier.wire_name.is_same_to_clients(&later.wire_name),
    }
}

fn clash_message(earlier: &Method, later: &Method, side: &Side) -> String {
    let ignored = match side {
        Side::Hub { .. } => "case and underscores do not count",
        Side::Client => "case does not count",
    };
    format!(
        "`{}` and `{}` have the same name on the wire (`{}` and `{}`: {ignored}); rename one of them, or give it \
         another name with `#[hubcast(name = \"...\")]`",
        earlier.ident,
        later.ident,
        earlier.wire_name.text(),
        later.wire_name.text(),
    )
}

#[cfg(test)]
mod tests;
