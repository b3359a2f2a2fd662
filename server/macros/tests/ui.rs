//! What users may write, and what they read when they write something else.
//!
//! The goldens are the product here: each must say what to change, at the place where it is to be changed.

#[test]
fn each_contract_compiles_or_says_what_to_change() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/fail/*.rs");
}

#[test]
#[cfg(feature = "typescript")]
fn each_contract_has_typescript_or_says_what_to_change() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/typescript/pass/*.rs");
    cases.compile_fail("tests/ui/typescript/fail/*.rs");
}
