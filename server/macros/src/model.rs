//! A contract as the expansions need it: checked, with everything at hand.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Ident, ItemTrait, Path, TraitItem, Type};

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
    /// The parameter for the context, if it takes one.
    pub(crate) context: Option<Parameter>,
    /// What the other side sends.
    pub(crate) arguments: Vec<Parameter>,
    /// What it returns.
    pub(crate) answer: Answer,
}

impl Method {
    /// The conditions under which the method is there.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
    }

    /// The method as the trait declares it, but for a where clause and the semicolon.
    pub(crate) fn signature(&self) -> TokenStream {
        let Self { attributes, ident, context, arguments, answer, .. } = self;
        let parameters = context.iter().chain(arguments);
        let answer = answer.ty();
        quote! {
            #(#attributes)*
            fn #ident(&self, #(#parameters),*)
                -> impl ::core::future::Future<Output = #answer> + ::core::marker::Send
        }
    }
}

/// A named parameter.
pub(crate) struct Parameter {
    /// Its name.
    pub(crate) ident: Ident,
    /// Its type.
    pub(crate) ty: Type,
}

impl ToTokens for Parameter {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { ident, ty } = self;
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
}

impl Answer {
    /// The type as written.
    pub(crate) fn ty(&self) -> TokenStream {
        match self {
            Self::Nothing => quote!(()),
            Self::Plain(ty) | Self::Result(ty) => ty.to_token_stream(),
        }
    }
}
