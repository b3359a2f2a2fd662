//! The call of a hub method as generated code starts it: the future, and how its output becomes the answer.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{GenericArgument, Ident, PathArguments, Type};

use super::place::{located, place_of_type};
use super::private;
use crate::model::{Answer, Method, Parameter, Streamed};
use crate::parse::{is_result, last_segment};

/// The parameters, each with the variable that holds it.
pub(super) fn variables(method: &Method) -> impl Iterator<Item = (Ident, &Parameter)> {
    let parameters = method.parameters.iter().enumerate();
    parameters.map(|(index, parameter)| (private(&format!("a{index}")), parameter))
}

/// An expression for the call, not yet polled. It takes the variables `hub`, `cx` and those of the parameters.
///
/// The types of the answer are passed by name, so that a type which cannot be sent is reported where it is written.
pub(super) fn running(method: &Method, hub_trait: &Ident, module: &TokenStream) -> TokenStream {
    let called = called(method, hub_trait);
    let call = quote!(async move { #called });
    match &method.answer {
        Answer::Stream(stream) => streaming(stream, &called, module),
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

/// The method called, and awaited if it is asynchronous.
fn called(method: &Method, hub_trait: &Ident) -> TokenStream {
    let hub = private("hub");
    let name = &method.ident;
    let arguments = variables(method).map(|(name, _)| name);
    let cx = method.context.as_ref().map(|context| {
        let place = place_of_type(&context.ty);
        let cx = Ident::new("cx", place);
        quote_spanned!(place=> &#cx,)
    });
    let awaited = method.is_async.then(|| quote!(.await));
    quote!(<Self as #hub_trait>::#name(&#hub, #cx #(#arguments),*) #awaited)
}

/// A call that sends the items of a stream. Its future owns the hub and the context, from which the stream may borrow.
fn streaming(streamed: &Streamed, called: &TokenStream, module: &TokenStream) -> TokenStream {
    let (items, stream, error) = (private("items"), private("stream"), private("error"));
    let Streamed { declared, is_in_result, item } = streamed;
    let open = is_in_result.then(|| {
        let sort = sort(declared, module);
        quote! {
            let #stream = match #stream {
                ::core::result::Result::Ok(#stream) => #stream,
                ::core::result::Result::Err(#error) => {
                    return ::core::result::Result::Err(#module::CallFailure::Method(#sort(#error)));
                }
            };
        }
    });
    // What the future itself asks of the types would be reported once more for each time that it is looked at.
    let send = if is_result(item) {
        let sort = sort(item, module);
        quote!(send_sorted(#stream, #sort))
    } else {
        quote!(send_all(#stream))
    };
    let run = match success_and_error(item).filter(|_| is_result(item)) {
        Some((success, _)) => quote!(#module::run_stream::<#success, _, _>),
        None if is_result(item) => located(&quote!(#module::run_stream), place_of_type(item)),
        None => quote!(#module::run_stream::<#item, _, _>),
    };
    quote! {
        #run(move |#items| async move {
            let #stream = #called;
            #open
            #items.#send.await
        })
    }
}

/// The function that sorts the error of a `Result`, which fails where the type of the error is written.
fn sort(result: &Type, module: &TokenStream) -> TokenStream {
    match success_and_error(result) {
        Some((_, error)) => quote!(<#error as #module::Failure>::into_call_error),
        None => located(&quote!(#module::Failure::into_call_error), place_of_type(result)),
    }
}

/// The two types of a `Result` that is written out; an alias hides one of them.
pub(super) fn success_and_error(ty: &Type) -> Option<(&Type, &Type)> {
    let PathArguments::AngleBracketed(arguments) = &last_segment(ty)?.arguments else {
        return None;
    };
    let mut types = arguments.args.iter();
    match (types.next()?, types.next()?, types.next()) {
        (GenericArgument::Type(success), GenericArgument::Type(error), None) => Some((success, error)),
        _ => None,
    }
}
