//! What `#[hub]` writes: the trait with its hooks, and `into_hub`, which makes the definition.
//!
//! Not here: the call of a method (`call`), what is asked of callers (`requirement`), the contract as TypeScript
//! (`typescript`).
//!
//! The rule that is easy to break: all that depends on the client contract stands where the attribute names it. If it
//! is no contract, that is the place to say so, and the compiler says the same thing about the same place only once.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Ident, Path, TraitItem};

use super::method::{ArgumentTypes, in_hub};
use super::place::{located, place_of};
use super::{call, declare, private, requirement, typescript};
use crate::model::{Answer, Contract, Member, Method};

/// Writes the trait of a hub.
pub(super) fn expand(
    contract: &Contract,
    client: Option<&Path>,
    typescript: bool,
    module: &TokenStream,
) -> TokenStream {
    let members = contract.members.iter().map(in_hub);
    let supertraits = quote!(::core::marker::Send + ::core::marker::Sync + 'static);
    if !contract.is_plain {
        return declare(contract, &supertraits, quote!(#(#members)*));
    }
    let hub = Hub::new(contract, client, module);
    let hooks = Hook::ALL.iter().filter(|hook| !hub.declares(hook.name)).map(|hook| hub.provide(hook));
    let into_hub = (!hub.declares("into_hub")).then(|| hub.conversion(typescript));
    declare(contract, &supertraits, quote!(#(#members)* #(#hooks)* #into_hub))
}

struct Hub<'a> {
    contract: &'a Contract,
    module: &'a TokenStream,
    /// The client contract as a type.
    client: TokenStream,
    /// Where the attribute names it.
    place: Span,
}

impl<'a> Hub<'a> {
    fn new(contract: &'a Contract, client: Option<&Path>, module: &'a TokenStream) -> Self {
        let (client, place) = match client {
            Some(client) => (quote_spanned!(place_of(client)=> dyn #client), place_of(client)),
            None => (quote!(dyn #module::NoClient), Span::mixed_site()),
        };
        Self { contract, module, client, place }
    }

    /// A generic type of the contract module, for this hub's client contract.
    fn of_client(&self, name: &str) -> TokenStream {
        let Self { client, place, .. } = self;
        let ty = self.of_any_client(name);
        quote_spanned!(*place=> #ty<#client>)
    }

    /// A generic type of the contract module, to call a function of it. Its parameter is left to inference: written
    /// out, each call would be an error of its own if the client contract is none.
    fn of_any_client(&self, name: &str) -> TokenStream {
        let Self { module, place, .. } = self;
        let (module, name) = (located(module, *place), Ident::new(name, *place));
        quote_spanned!(*place=> #module::#name)
    }

    /// The provided method that an implementor may replace.
    fn provide(&self, hook: &Hook) -> TokenStream {
        let Self { module, place, .. } = self;
        let doc = hook.doc;
        let name = Ident::new(hook.name, Span::call_site());
        let parameters = hook.parameters.iter().map(|name| Ident::new(name, *place)).collect::<Vec<_>>();
        let context = self.of_client("Context");
        let types = [quote_spanned!(*place=> &#context), quote!(#module::DisconnectReason)];
        let types = types.iter().take(parameters.len());
        quote! {
            #[doc = #doc]
            fn #name(&self, #(#parameters: #types),*) -> impl ::core::future::Future<
                Output = ::core::result::Result<(), #module::HubError>,
            > + ::core::marker::Send {
                let _ = (#(#parameters),*);
                ::core::future::ready(::core::result::Result::Ok(()))
            }
        }
    }

    /// The method `into_hub`.
    fn conversion(&self, typescript: bool) -> TokenStream {
        let (ty, any) = (self.of_client("HubDefinition"), self.of_any_client("HubDefinition"));
        let name = self.contract.declaration.ident.unraw().to_string();
        let (definition, hub) = (private("definition"), private("hub"));
        let hooks =
            Hook::ALL.iter().filter(|hook| !self.declares(hook.name)).map(|hook| self.register_hook(hook));
        let methods = self.contract.methods().map(|method| self.register(method));
        let requirements = requirement::expressions(&self.contract.requirements, self.module);
        let schema = typescript.then(|| {
            let hash = typescript::hash(self.contract, self.module);
            quote!(let #definition = #any::schema(#definition, #hash);)
        });
        quote! {
            /// Makes this object a hub: its methods are found by their names on the wire, and every connection is
            /// served by this one object.
            #[allow(deprecated, reason = "a method that should not be called is served as long as it is there")]
            fn into_hub(self) -> #ty
            where
                Self: ::core::marker::Sized,
            {
                let #hub = ::std::sync::Arc::new(self);
                let #definition: #ty = #any::new(#name);
                #schema
                #(let #definition = #any::require(#definition, #requirements);)*
                #(#hooks)*
                #(#methods)*
                ::core::mem::drop(#hub);
                #definition
            }
        }
    }

    fn register_hook(&self, hook: &Hook) -> TokenStream {
        let hub_trait = &self.contract.declaration.ident;
        let any = self.of_any_client("HubDefinition");
        let (definition, hub) = (private("definition"), private("hub"));
        let name = Ident::new(hook.name, Span::call_site());
        let register = format_ident!("on_{name}", span = self.place);
        let parameters = hook.parameters.iter().map(|name| private(name)).collect::<Vec<_>>();
        let cx = &parameters[0];
        quote! {
            let #definition = #any::#register(#definition, {
                let #hub = ::std::sync::Arc::clone(&#hub);
                move |#(#parameters),*| {
                    let #hub = ::std::sync::Arc::clone(&#hub);
                    async move {
                        let #cx = &#cx;
                        <Self as #hub_trait>::#name(&#hub, #(#parameters),*).await
                    }
                }
            });
        }
    }

    fn register(&self, method: &Method) -> TokenStream {
        let module = self.module;
        let (any, any_method) = (self.of_any_client("HubDefinition"), self.of_any_client("Method"));
        let any_call = self.of_any_client("Call");
        let (definition, hub, cx) = (private("definition"), private("hub"), private("cx"));
        let (arguments, bind) = (private("arguments"), private("bind"));
        let (bind_here, client) = (Ident::new("bind", self.place), &self.client);
        let conditions = method.conditions();
        let wire_name = &method.wire_name;
        let count = method.arguments().count();
        let types = ArgumentTypes::of(method);
        let (bounded, tuple) = (types.bounded(&quote!(#module::Argument)), types.tuple());
        let written = types.written();
        let names = call::variables(method).filter(|(_, parameter)| parameter.upload.is_none());
        let names = names.map(|(name, _)| name);
        let uploads = call::variables(method).filter_map(|(name, parameter)| {
            let item = parameter.upload.as_ref()?;
            Some(quote!(let #name = #any_call::upload::<#item>(#arguments);))
        });
        let clone_context =
            method.context.as_ref().map(|_| quote!(let #cx = #any_call::context(#arguments).clone();));
        let running = call::running(method, &self.contract.declaration.ident, module);
        let traits = traits(method, module);
        quote! {
            #(#conditions)*
            let #definition = {
                fn #bind<C: #module::Client + ?::core::marker::Sized, #bounded>(
                    call: &#module::Call<'_, C>,
                ) -> ::core::result::Result<#tuple, #module::BindError> {
                    call.arguments(#count)
                }
                let #hub = ::std::sync::Arc::clone(&#hub);
                #any::method(#definition, #any_method::new(#wire_name, move |#arguments| {
                    let (#(#names,)*) = #bind_here::<#client, #(#written),*>(#arguments)?;
                    #(#uploads)*
                    let #hub = ::std::sync::Arc::clone(&#hub);
                    #clone_context
                    ::core::result::Result::Ok(#running)
                })#traits)
            };
        }
    }

    /// Whether the trait has, by mistake, a method of that name.
    fn declares(&self, name: &str) -> bool {
        let is_declared = |member: &Member| match member {
            Member::Faulty(item) => matches!(&**item, TraitItem::Fn(method) if method.sig.ident == name),
            Member::Method(_) => false,
        };
        self.contract.members.iter().any(is_declared)
    }
}

/// What a method is beside its name and its call.
fn traits(method: &Method, module: &TokenStream) -> TokenStream {
    let streaming = matches!(method.answer, Answer::Stream(_)).then(|| quote!(.streaming()));
    let uploads = method.parameters.iter().filter(|parameter| parameter.upload.is_some()).count();
    let uploads = (uploads > 0).then(|| quote!(.with_uploads(#uploads)));
    let requirements = requirement::expressions(&method.requirements, module);
    quote!(#streaming #uploads #(.require(#requirements))*)
}

/// A method that every hub has.
struct Hook {
    name: &'static str,
    doc: &'static str,
    /// The context, then the reason if there is one.
    parameters: &'static [&'static str],
}

impl Hook {
    const ALL: [Self; 3] = [
        Self {
            name: "connected",
            doc: "Runs when a connection has opened, before its first call. An error closes the connection.",
            parameters: &["cx"],
        },
        Self {
            name: "disconnected",
            doc: "Runs when a connection has ended, with the reason. An error goes to the log.",
            parameters: &["cx", "reason"],
        },
        Self {
            name: "authentication_refreshed",
            doc: "Runs when a client has renewed its credentials: the principal is the new one. An error goes to the log.",
            parameters: &["cx"],
        },
    ];
}
