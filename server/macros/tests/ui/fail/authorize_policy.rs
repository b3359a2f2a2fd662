use hubcast_protocol::contract::Principal;

fn is_owner(principal: &Principal) -> bool {
    principal.claim("owner").is_some()
}

#[hubcast_macros::hub]
#[authorize(policy = is_nobody)]
pub trait Chat {
    #[authorize(policy = is_owner)]
    async fn clear(&self);
}

fn main() {}
