#[hubcast_macros::hub]
#[authorize(rolle = "admin")]
pub trait Chat {
    #[authorize()]
    async fn nothing(&self);
    #[authorize = "admin"]
    async fn value(&self);
    #[authorize("admin")]
    async fn bare(&self);
    #[authorize(role = "")]
    async fn nameless(&self);
    #[authorize(role = "a", role = "b")]
    async fn two_roles(&self);
    #[authorize(role = ["a"])]
    async fn brackets(&self);
    #[authorize(roles = "a, b")]
    async fn no_brackets(&self);
    #[authorize(roles = [])]
    async fn no_roles(&self);
    #[authorize(policy = "is_owner")]
    async fn policy_as_text(&self);
    #[authorize(policy = is_owner())]
    async fn policy_called(&self);
}

#[hubcast_macros::client]
#[authorize]
pub trait ChatClient {
    #[hubcast::authorize(role = "admin")]
    async fn receive(&self);
}

fn main() {}
