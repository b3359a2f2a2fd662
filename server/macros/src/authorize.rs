//! `#[authorize]` on a hub trait and on its methods: what is asked of callers.
//!
//! The rule that is easy to break: an attribute that is not understood is an error, never nothing. A method that somebody
//! meant to guard must not compile unguarded.
//! Not here: whether a caller meets a requirement, which the contract module decides at run time.

use syn::meta::ParseNestedMeta;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Lit, LitStr, Meta, Token, bracketed, token};

/// One thing that is asked of a caller.
pub(crate) enum Requirement {
    /// It is known who the caller is.
    Authenticated,
    /// The caller has a role.
    Role(LitStr),
    /// The caller has one of several roles.
    Roles(Vec<LitStr>),
    /// A function allows it.
    Policy(Expr),
}

/// Whether an attribute is `#[authorize]`, by itself or by the path of the crate.
pub(crate) fn is_authorize(attribute: &Attribute) -> bool {
    let segments = &attribute.path().segments;
    segments.len() <= 2 && segments.last().is_some_and(|last| last.ident == "authorize")
}

/// Takes every `#[authorize]` out of some attributes and gives what they ask, all of which must hold.
pub(crate) fn take_requirements(attributes: &mut Vec<Attribute>) -> syn::Result<Vec<Requirement>> {
    let mut requirements = Ok(Vec::new());
    for attribute in attributes.extract_if(.., |attribute| is_authorize(attribute)) {
        match (&mut requirements, read(&attribute)) {
            (Ok(requirements), Ok(asked)) => requirements.extend(asked),
            (Ok(_), Err(error)) => requirements = Err(error),
            (Err(_), Ok(_)) => {}
            (Err(errors), Err(error)) => errors.combine(error),
        }
    }
    requirements
}

fn read(attribute: &Attribute) -> syn::Result<Vec<Requirement>> {
    match &attribute.meta {
        Meta::Path(_) => Ok(vec![Requirement::Authenticated]),
        Meta::NameValue(_) => Err(syn::Error::new_spanned(attribute, format_args!("write {FORMS}"))),
        Meta::List(list) if list.tokens.is_empty() => {
            Err(syn::Error::new_spanned(list, format_args!("write {FORMS}, without empty parentheses")))
        }
        Meta::List(_) => options(attribute),
    }
}

fn options(attribute: &Attribute) -> syn::Result<Vec<Requirement>> {
    let mut requirements = Vec::new();
    let literal: Result<Lit, _> = attribute.parse_args();
    if let Ok(literal) = literal {
        return Err(syn::Error::new_spanned(literal, format_args!("write {FORMS}")));
    }
    attribute.parse_nested_meta(|option| {
        let requirement = if option.path.is_ident("role") {
            if requirements.iter().any(|known| matches!(known, Requirement::Role(_))) {
                return Err(option.error(
                    "write `roles = [\"a\", \"b\"]` if one of the roles is enough, or another `#[authorize(role = \
                     \"...\")]` if all are needed",
                ));
            }
            Requirement::Role(text(option.value()?)?)
        } else if option.path.is_ident("roles") {
            Requirement::Roles(roles(&option)?)
        } else if option.path.is_ident("policy") {
            Requirement::Policy(policy(option.value()?.parse()?)?)
        } else {
            return Err(option.error(format_args!("`#[authorize]` knows no such option: write {FORMS}")));
        };
        requirements.push(requirement);
        Ok(())
    })?;
    Ok(requirements)
}

fn roles(option: &ParseNestedMeta<'_>) -> syn::Result<Vec<LitStr>> {
    let value = option.value()?;
    if !value.peek(token::Bracket) {
        return Err(value.error("write the roles in brackets: `roles = [\"a\", \"b\"]`"));
    }
    let names;
    let brackets = bracketed!(names in value);
    let names = Punctuated::<LitStr, Token![,]>::parse_terminated(&names)?;
    if names.is_empty() {
        let message = "name at least one role: of none, nobody has one";
        return Err(syn::Error::new(brackets.span.join(), message));
    }
    names.into_iter().map(role).collect()
}

fn text(value: ParseStream<'_>) -> syn::Result<LitStr> {
    if !value.peek(LitStr) {
        return Err(
            value.error("write the role as a text: `role = \"admin\"`; of several, `roles = [\"a\", \"b\"]`")
        );
    }
    role(value.parse()?)
}

fn role(name: LitStr) -> syn::Result<LitStr> {
    if name.value().is_empty() {
        return Err(syn::Error::new_spanned(name, "a role has a name with at least one letter"));
    }
    Ok(name)
}

fn policy(function: Expr) -> syn::Result<Expr> {
    match function {
        Expr::Path(_) | Expr::Closure(_) => Ok(function),
        other => Err(syn::Error::new_spanned(
            other,
            "name a function without calling it, `policy = is_owner`: it takes `&Authorization<'_>` and returns `bool`",
        )),
    }
}

/// All forms of the attribute, for messages.
const FORMS: &str = "`#[authorize]`, `#[authorize(role = \"...\")]`, `#[authorize(roles = [\"...\"])]` or `#[authorize(policy = \
     function)]`";

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::parse_quote;

    use super::*;

    #[test]
    fn every_form_is_read_and_all_of_them_are_asked() {
        let mut attributes: Vec<Attribute> = vec![
            parse_quote!(#[doc = "Clears."]),
            parse_quote!(#[authorize]),
            parse_quote!(#[hubcast::authorize(role = "admin", policy = rules::is_owner)]),
            parse_quote!(#[authorize(roles = ["a", "b"],)]),
            parse_quote!(#[cfg(unix)]),
        ];
        let asked = take_requirements(&mut attributes).expect("good attributes");
        let asked: Vec<_> = asked.iter().map(shown).collect();
        assert_eq!(asked, ["authenticated", "role admin", "policy rules :: is_owner", "roles a|b"]);
        let left: Vec<_> =
            attributes.iter().map(|attribute| attribute.path().to_token_stream().to_string()).collect();
        assert_eq!(left, ["doc", "cfg"]);
    }

    #[test]
    fn another_path_is_another_attribute() {
        assert!(!is_authorize(&parse_quote!(#[some::other::authorize])));
        assert!(!is_authorize(&parse_quote!(#[authorized])));
    }

    #[test]
    fn every_attribute_that_is_not_understood_is_told() {
        let mut attributes = vec![
            parse_quote!(#[authorize(rolle = "admin")]),
            parse_quote!(#[authorize]),
            parse_quote!(#[authorize(policy = 7)]),
        ];
        let errors = take_requirements(&mut attributes).err().expect("two bad attributes");
        assert_eq!(errors.into_iter().count(), 2);
        assert!(attributes.is_empty());
    }

    fn shown(requirement: &Requirement) -> String {
        match requirement {
            Requirement::Authenticated => "authenticated".to_owned(),
            Requirement::Role(role) => format!("role {}", role.value()),
            Requirement::Roles(roles) => {
                format!("roles {}", roles.iter().map(LitStr::value).collect::<Vec<_>>().join("|"))
            }
            Requirement::Policy(function) => format!("policy {}", function.to_token_stream()),
        }
    }
}
