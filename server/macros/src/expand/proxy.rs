//! The types that call clients: one for some receivers, one for a single receiver.
//!
//! The rule that is easy to break: both have the same methods, and what is wrong with a method's types is to be told
//! once. So the types are named in the bounds of functions that the methods of both share.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Ident, parse_quote};

use super::method::ArgumentTypes;
use super::private;
use crate::model::{Answer, Contract, Method};

/// Whom a type calls.
#[derive(Clone, Copy)]
pub(super) enum Receivers {
    /// However many there are.
    Several,
    /// One connection.
    Single,
}

impl Receivers {
    /// The name of the type.
    pub(super) fn type_name(self, client: &Ident) -> Ident {
        match self {
            Self::Several => format_ident!("{client}Proxy"),
            Self::Single => format_ident!("{client}Single"),
        }
    }

    /// The type with its methods.
    pub(super) fn declare(self, contract: &Contract, module: &TokenStream) -> TokenStream {
        let visibility = &contract.declaration.vis;
        let client = &contract.declaration.ident;
        let name = self.type_name(client);
        let doc = match self {
            Self::Several => {
                format!("Some receivers, with the methods of [`{client}`] to call on each of them.")
            }
            Self::Single => format!("One receiver, with the methods of [`{client}`] to call on it."),
        };
        quote! {
            #[doc = #doc]
            #[derive(::core::clone::Clone)]
            #visibility struct #name<'a>(#module::Proxy<'a>);

            impl<'a> ::core::convert::From<#module::Proxy<'a>> for #name<'a> {
                fn from(proxy: #module::Proxy<'a>) -> Self {
                    Self(proxy)
                }
            }
        }
    }

    /// What the type can do.
    pub(super) fn methods(self, contract: &Contract, module: &TokenStream) -> TokenStream {
        let visibility = &contract.declaration.vis;
        let name = self.type_name(&contract.declaration.ident);
        let methods = contract.methods().map(|method| {
            let (attributes, method) = (self.attributes(method), self.method(method, module));
            quote!(#(#attributes)* #visibility #method)
        });
        let asks = contract.methods().any(|method| !matches!(method.answer, Answer::Nothing));
        let start = if asks { quote!(impl<'a> #name<'a>) } else { quote!(impl #name<'_>) };
        quote! {
            #[allow(dead_code, reason = "a server need not call every method of its clients")]
            #start {
                #(#methods)*
            }
        }
    }

    /// What a method takes over from the trait's, and what it says of itself.
    fn attributes(self, method: &Method) -> Vec<Attribute> {
        let kept = ["doc", "cfg", "deprecated"];
        let is_kept = |attribute: &&Attribute| kept.iter().any(|name| attribute.path().is_ident(name));
        let mut attributes: Vec<_> = method.attributes.iter().filter(is_kept).cloned().collect();
        let (receivers, more) = match (self, &method.answer) {
            (Self::Several, Answer::Nothing) => ("the receivers", SENDING),
            (Self::Single, Answer::Nothing) => ("the receiver", SENDING),
            (Self::Several, _) => ("the receivers", ASKING_SEVERAL),
            (Self::Single, _) => ("the receiver", ASKING_ONE),
        };
        if !attributes.iter().any(|attribute| attribute.path().is_ident("doc")) {
            let summary = format!("Calls `{}` on {receivers}.", method.wire_name.text());
            attributes.push(parse_quote!(#[doc = #summary]));
        }
        attributes.push(parse_quote!(#[doc = ""]));
        attributes.push(parse_quote!(#[doc = #more]));
        attributes
    }

    fn method(self, method: &Method, module: &TokenStream) -> TokenStream {
        let Method { ident, wire_name, parameters, .. } = method;
        let arguments = arguments(method);
        let Answer::Plain(answer) = &method.answer else {
            return quote! {
                fn #ident(&self, #(#parameters),*) -> #module::Sending {
                    self.0.send(#wire_name, #arguments)
                }
            };
        };
        let (result, ask) = match self {
            Self::Several => (quote!(ClientResults), quote!(1)),
            Self::Single => (quote!(ClientResult), quote!(0)),
        };
        let ask = {
            let both = asks(method);
            quote!(#both::<#answer>().#ask)
        };
        quote! {
            fn #ident(&self, #(#parameters),*) -> #module::#result<'a, #answer> {
                (#ask)(&self.0, #arguments)
            }
        }
    }
}

/// The functions that check the types of a method's arguments and of its answer where they are written.
pub(super) fn checks(method: &Method, module: &TokenStream) -> TokenStream {
    let conditions = method.conditions().collect::<Vec<_>>();
    let types = ArgumentTypes::of(method);
    let (bounded, tuple) = (types.bounded(&quote!(#module::ClientArgument)), types.tuple());
    let encodable = encodable(method);
    let arguments = (!method.parameters.is_empty()).then(|| {
        quote! {
            #(#conditions)*
            #[allow(dead_code, reason = "the method that calls it may be unused")]
            fn #encodable<#bounded>(arguments: &#tuple) -> &(dyn #module::EncodeArguments + '_) {
                arguments
            }
        }
    });
    let asks = asks(method);
    let wire_name = &method.wire_name;
    let answer = matches!(method.answer, Answer::Plain(_)).then(|| {
        let question = quote!(fn(&#module::Proxy<'a>, &dyn #module::EncodeArguments));
        quote! {
            #(#conditions)*
            #[allow(dead_code, clippy::type_complexity, reason = "written once and read by nobody")]
            fn #asks<'a, T: #module::ClientAnswer>()
                -> (#question -> #module::ClientResult<'a, T>, #question -> #module::ClientResults<'a, T>)
            {
                (
                    |proxy, arguments| proxy.ask(#wire_name, arguments),
                    |proxy, arguments| proxy.ask_all(#wire_name, arguments),
                )
            }
        }
    });
    quote!(#arguments #answer)
}

/// An expression for the arguments of a method.
fn arguments(method: &Method) -> TokenStream {
    if method.parameters.is_empty() {
        return quote!(&[(); 0]);
    }
    let (types, encodable) = (ArgumentTypes::of(method), encodable(method));
    let written = types.written();
    let names = method.arguments().map(|argument| &argument.ident);
    quote!(#encodable::<#(#written),*>(&(#(#names,)*)))
}

/// What makes arguments of a method's parameters. Items are seen by the user's names, so it has none that a user would
/// give to a parameter.
fn encodable(method: &Method) -> Ident {
    private(&format!("__encodable_{}", method.ident.unraw()))
}

/// What gives the two ways to ask, by the place of the one receiver and by that of several.
fn asks(method: &Method) -> Ident {
    private(&format!("__ask_{}", method.ident.unraw()))
}

const SENDING: &str = "\
The message is queued when this is called; what is returned waits for room if the receiver has much to read.

# Errors

If the arguments cannot be encoded. That a receiver is gone is no error.";

const ASKING_ONE: &str = "\
The question is queued when this is called; what is returned waits for the answer, as long as the hub's option \
`client_result_timeout` or its own `within` says.

# Errors

If the client fails, is gone, does not answer in time, or answers something else (`ClientResultError`).";

const ASKING_SEVERAL: &str = "\
The question is queued when this is called; what is returned is a stream of the answers, each with the connection that \
gave it, in the order in which they come. It waits as long as the hub's option `client_result_timeout` or its own \
`within` says.

# Errors

Each answer by itself: if that client fails, is gone, does not answer in time, or answers something else \
(`ClientResultError`).";
