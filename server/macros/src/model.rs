//! A contract as the expansions need it: checked, with everything at hand.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Ident, ItemTrait, Path, TraitItem, Type};

use crate::authorize::Requirement;
use crate::wire_name::WireName;

/// Whose methods a trait has.
pub(crate) enum Side {
    /// Those of a hub, with the trait of its clients.
    Hub {
        /// The trait of the clients, if they have one.
        client: Option<Path>,
    },
    /// Those of its clients.
    Client,
}

impl Side {
    /// The side in a sentence: "a hub method".
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Self::Hub { .. } => "hub",
            Self::Client => "client",
        }
    }
}

/// A trait with `#[hub]` or `#[client]`.
pub(crate) struct Contract {
    /// The trait as written, without its items.
    pub(crate) declaration: ItemTrait,
    /// Whether the trait can be named without parameters, so that code beside it can be written.
    pub(crate) is_plain: bool,
    /// What a hub asks of everyone.
    pub(crate) requirements: Vec<Requirement>,
    /// Its items in the order of the source.
    pub(crate) members: Vec<Member>,
}

impl Contract {
    /// The methods without a fault.
    pub(crate) fn methods(&self) -> impl Iterator<Item = &Method> {
        self.members.iter().filter_map(|member| match member {
            Member::Method(method) => Some(&**method),
            Member::Faulty(_) => None,
        })
    }
}

/// An item of the trait.
pub(crate) enum Member {
    /// A method that can be expanded.
    Method(Box<Method>),
    /// An item with a fault. It stays in the trait, so that implementors do not fail for want of it.
    Faulty(Box<TraitItem>),
}

/// A method of a hub or of a client.
pub(crate) struct Method {
    /// Its attributes but for those of hubcast.
    pub(crate) attributes: Vec<Attribute>,
    /// Its name in Rust.
    pub(crate) ident: Ident,
    /// Its name for the other side.
    pub(crate) wire_name: WireName,
    /// Whether it is an `async fn`; only one that returns a stream may be none.
    pub(crate) is_async: bool,
    /// What it asks of its callers.
    pub(crate) requirements: Vec<Requirement>,
    /// The parameter for the context, if it takes one.
    pub(crate) context: Option<Parameter>,
    /// What the other side sends: arguments and uploads in the order of the source.
    pub(crate) parameters: Vec<Parameter>,
    /// What it returns.
    pub(crate) answer: Answer,
}

impl Method {
    /// The conditions under which the method is there.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
    }

    /// The parameters that are sent with the call: all but the uploads.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.upload.is_none())
    }

    /// The method as the trait declares it, but for a where clause and the semicolon.
    pub(crate) fn signature(&self) -> TokenStream {
        let Self { attributes, ident, is_async, context, parameters, answer, .. } = self;
        let parameters = context.iter().chain(parameters);
        let answer = answer.ty();
        let output = if *is_async {
            quote!(impl ::core::future::Future<Output = #answer> + ::core::marker::Send)
        } else {
            answer
        };
        quote!(#(#attributes)* fn #ident(&self, #(#parameters),*) -> #output)
    }
}

/// A named parameter.
pub(crate) struct Parameter {
    /// Its name.
    pub(crate) ident: Ident,
    /// Its type.
    pub(crate) ty: Type,
    /// The type of its items, if it is an upload.
    pub(crate) upload: Option<Type>,
}

impl ToTokens for Parameter {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { ident, ty, .. } = self;
        tokens.extend(quote!(#ident: #ty));
    }
}

/// What a method returns.
pub(crate) enum Answer {
    /// No return type is written.
    Nothing,
    /// A type that is sent as it is.
    Plain(Type),
    /// A type named `Result`, whose error fails the call.
    Result(Type),
    /// A stream, or a `Result` of one.
    Stream(Box<Streamed>),
}

/// A stream that a hub method returns.
pub(crate) struct Streamed {
    /// The return type to declare: as written, with streams that move between threads.
    pub(crate) declared: Type,
    /// Whether it is a `Result` of a stream, whose error fails the call.
    pub(crate) is_in_result: bool,
    /// The type of the items; if it is named `Result`, an error fails the stream.
    pub(crate) item: Type,
}

impl Answer {
    /// The type as written.
    pub(crate) fn ty(&self) -> TokenStream {
        match self {
            Self::Nothing => quote!(()),
            Self::Plain(ty) | Self::Result(ty) => ty.to_token_stream(),
            Self::Stream(stream) => stream.declared.to_token_stream(),
        }
    }
}
