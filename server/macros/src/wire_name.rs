//! The name a method has on the wire.
//!
//! The rule that is easy to break: two hub methods that a client cannot tell apart do not compile, and a hub looks
//! its methods up without regard to case or underscores. `same_name` of the contract module is the same rule at run
//! time.

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Ident, LitStr};

/// A name on the wire and the place in the source that it comes from.
#[derive(Clone, Debug)]
pub(crate) struct WireName {
    text: String,
    origin: Span,
}

impl WireName {
    /// The name by convention, that of .NET: `send_message` is `SendMessage`.
    pub(crate) fn of_method(method: &Ident) -> Self {
        Self { text: pascal_case(&method.unraw().to_string()), origin: method.span() }
    }

    /// The name that `#[hubcast(name = "...")]` gives.
    pub(crate) fn by_hand(name: &LitStr) -> Self {
        Self { text: name.value(), origin: name.span() }
    }

    /// The name as it is sent.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where the name stands in the source.
    pub(crate) fn origin(&self) -> Span {
        self.origin
    }

    /// Whether a hub takes one for the other: case and underscores do not count.
    pub(crate) fn is_same_to_hubs(&self, other: &Self) -> bool {
        let folded = |name: &Self| name.text.replace('_', "").to_lowercase();
        folded(self) == folded(other)
    }

    /// Whether a client takes one for the other: case does not count.
    pub(crate) fn is_same_to_clients(&self, other: &Self) -> bool {
        self.text.to_lowercase() == other.text.to_lowercase()
    }
}

impl ToTokens for WireName {
    fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
        LitStr::new(&self.text, Span::call_site()).to_tokens(tokens);
    }
}

fn pascal_case(snake: &str) -> String {
    snake.split('_').flat_map(capitalized).collect()
}

fn capitalized(word: &str) -> impl Iterator<Item = char> + '_ {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters)
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn words_are_capitalized_and_joined() {
        let name = |method| WireName::of_method(&method).text().to_owned();
        assert_eq!(name(parse_quote!(send_message)), "SendMessage");
        assert_eq!(name(parse_quote!(count)), "Count");
        assert_eq!(name(parse_quote!(move_to_3d_point2)), "MoveTo3dPoint2");
        assert_eq!(name(parse_quote!(_leading__and_trailing_)), "LeadingAndTrailing");
        assert_eq!(name(parse_quote!(äther_welle)), "ÄtherWelle");
    }

    #[test]
    fn capitals_inside_a_word_stay() {
        assert_eq!(WireName::of_method(&parse_quote!(sendHTTP)).text(), "SendHTTP");
    }

    #[test]
    fn a_raw_identifier_loses_its_mark() {
        assert_eq!(WireName::of_method(&parse_quote!(r#type)).text(), "Type");
    }

    #[test]
    fn a_name_by_hand_is_taken_as_it_is() {
        assert_eq!(WireName::by_hand(&parse_quote!("send-It_now")).text(), "send-It_now");
    }

    #[test]
    fn hubs_tell_names_apart_by_more_than_case_and_underscores() {
        let name = |text: &str| WireName::by_hand(&LitStr::new(text, Span::call_site()));
        assert!(name("SendMessage").is_same_to_hubs(&name("send_message")));
        assert!(name("SENDMESSAGE").is_same_to_hubs(&name("SendMessage_")));
        assert!(!name("SendMessage").is_same_to_hubs(&name("SendMessages")));
        assert!(!name("send-message").is_same_to_hubs(&name("send_message")));
    }

    #[test]
    fn clients_tell_names_apart_by_more_than_case() {
        let name = |text: &str| WireName::by_hand(&LitStr::new(text, Span::call_site()));
        assert!(name("Receive").is_same_to_clients(&name("receive")));
        assert!(!name("Receive_It").is_same_to_clients(&name("ReceiveIt")));
    }
}
