//! The call of a hub method as generated code starts it: the future, and how its output becomes the answer.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{GenericArgument, Ident, PathArguments, Type};

use super::place::{located, place_of_type};
use super::private;
use crate::model::{Answer, Method};
use crate::parse::last_segment;

/// The variables that hold the arguments.
pub(super) fn argument_names(method: &Method) -> Vec<Ident> {
    (0..method.arguments.len()).map(|index| private(&format!("a{index}"))).collect()
}

/// An expression for the call, not yet polled. It takes the variables `hub`, `cx` and those of the arguments.
///
/// The types of the answer are passed by name, so that a type which cannot be sent is reported where it is written.
pub(super) fn running(method: &Method, hub_trait: &Ident, module: &TokenStream) -> TokenStream {
    let call = future(method, hub_trait);
    match &method.answer {
        Answer::Nothing => quote!(#module::run(#call)),
        Answer::Plain(ty) => {
            let plain = private("plain");
            quote!({
                fn #plain<T: #module::Returned, F>(
                    future: F,
                ) -> ::core::pin::Pin<::std::boxed::Box<dyn #module::RunningCall>>
                where
                    F: ::core::future::Future<Output = T> + ::core::marker::Send + 'static,
                {
                    #module::run(future)
                }
                #plain::<#ty, _>(#call)
            })
        }
        Answer::Result(ty) => match success_and_error(ty) {
            Some((success, error)) => quote!(#module::run_result::<_, #success, #error>(#call)),
            None => {
                let run_result = located(&quote!(#module::run_result), place_of_type(ty));
                quote!(#run_result(#call))
            }
        },
    }
}

fn future(method: &Method, hub_trait: &Ident) -> TokenStream {
    let hub = private("hub");
    let name = &method.ident;
    let arguments = argument_names(method);
    let cx = method.context.as_ref().map(|context| {
        let place = place_of_type(&context.ty);
        let cx = Ident::new("cx", place);
        quote_spanned!(place=> &#cx,)
    });
    quote!(async move { <Self as #hub_trait>::#name(&#hub, #cx #(#arguments),*).await })
}

/// The two types of a `Result` that is written out; an alias hides one of them.
fn success_and_error(ty: &Type) -> Option<(&Type, &Type)> {
    let PathArguments::AngleBracketed(arguments) = &last_segment(ty)?.arguments else {
        return None;
    };
    let mut types = arguments.args.iter();
    match (types.next()?, types.next()?, types.next()) {
        (GenericArgument::Type(success), GenericArgument::Type(error), None) => Some((success, error)),
        _ => None,
    }
}
