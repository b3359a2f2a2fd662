//! What hubs and methods ask of their callers.

use hubcast_protocol::contract::{Authorization, Context, Principal};

#[hubcast_macros::hub]
#[authorize]
#[authorize(policy = rules::is_known)]
trait Guarded {
    async fn open(&self);
    #[authorize(role = "admin")]
    async fn clear(&self, cx: &Context);
    #[authorize(roles = ["admin", "moderator"])]
    #[hubcast(name = "mute")]
    #[hubcast::authorize(policy = |call| call.method == Some("mute"))]
    async fn silence(&self);
    #[authorize(role = "admin", policy = rules::is_known)]
    async fn both(&self);
    #[authorize]
    fn stream(&self) -> impl futures_core::Stream<Item = u8>;
}

mod rules {
    use hubcast_protocol::contract::Authorization;

    pub(super) fn is_known(call: &Authorization<'_>) -> bool {
        call.principal.is_some()
    }
}

struct Guard;

impl Guarded for Guard {
    async fn open(&self) {}
    async fn clear(&self, _cx: &Context) {}
    async fn silence(&self) {}
    async fn both(&self) {}
    fn stream(&self) -> impl futures_core::Stream<Item = u8> {
        futures_util::stream::empty()
    }
}

#[test]
fn what_is_asked_is_with_the_hub_and_with_each_method() {
    let definition = Guard.into_hub();
    assert_eq!(format!("{:?}", definition.requirements()), "[Authenticated, Policy(..)]");
    let asked: Vec<_> =
        definition.methods().iter().map(|method| format!("{:?}", method.requirements())).collect();
    assert_eq!(
        asked,
        [
            "[]",
            r#"[Roles(["admin"])]"#,
            r#"[Roles(["admin", "moderator"]), Policy(..)]"#,
            r#"[Roles(["admin"]), Policy(..)]"#,
            "[Authenticated]",
        ]
    );
}

#[test]
fn a_policy_is_the_function_that_is_named() {
    let definition = Guard.into_hub();
    let ada = Principal::default();
    let [_, policy] = definition.requirements() else { panic!("two requirements") };
    assert!(policy.allows(&Authorization::new("Guarded", None, Some(&ada))));
    assert!(!policy.allows(&Authorization::new("Guarded", None, None)));

    let silence = &definition.methods()[2];
    let [_, closure] = silence.requirements() else { panic!("two requirements") };
    assert!(closure.allows(&Authorization::new("Guarded", Some("mute"), None)));
    assert!(!closure.allows(&Authorization::new("Guarded", Some("open"), None)));
}
