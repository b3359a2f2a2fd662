//! The types that a contract needs, each declared once under its own name.

use std::any::{TypeId, type_name};
use std::collections::{BTreeMap, BTreeSet};

use ts_rs::{TS, TypeVisitor};

use super::comment::Comment;
use super::config;

/// Declared types by name, and those that they are made of.
#[derive(Clone, Default)]
pub(super) struct Declarations {
    seen: BTreeSet<TypeId>,
    by_name: BTreeMap<String, Vec<Declaration>>,
}

/// A type as TypeScript declares it.
#[derive(Clone)]
pub(super) struct Declaration {
    /// The type in Rust, with its path.
    pub(super) rust: &'static str,
    pub(super) comment: Comment,
    /// `type Name = ..;` as ts-rs writes it.
    pub(super) text: String,
}

/// Two types of a contract have the same name in TypeScript.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "`{first}` and `{second}` are both named `{name}` in TypeScript: rename a type by `#[ts(rename = \"...\")]`, or a trait"
)]
pub struct NameClash {
    /// The name.
    pub name: String,
    /// What has it, in Rust.
    pub first: String,
    /// What has it, too.
    pub second: String,
}

impl Declarations {
    /// Adds a type and all that it is made of.
    pub(super) fn add<T: TS + ?Sized + 'static>(&mut self) {
        self.visit::<T>();
    }

    /// Adds those of another part of the contract.
    pub(super) fn append(&mut self, other: &Self) {
        for (name, declarations) in &other.by_name {
            let known = self.by_name.entry(name.clone()).or_default();
            for declaration in declarations {
                if known.iter().all(|known| known.text != declaration.text) {
                    known.push(declaration.clone());
                }
            }
        }
    }

    /// All of them, by name.
    ///
    /// # Errors
    ///
    /// If two differ and have the same name.
    pub(super) fn all(&self) -> Result<impl Iterator<Item = (&str, &Declaration)>, NameClash> {
        for (name, declarations) in &self.by_name {
            if let [first, second, ..] = &declarations[..] {
                let (first, second) = (first.rust.to_owned(), second.rust.to_owned());
                return Err(NameClash { name: name.clone(), first, second });
            }
        }
        Ok(self
            .by_name
            .iter()
            .filter_map(|(name, declarations)| Some((name.as_str(), declarations.first()?))))
    }

    /// All of them, even if some have the same name.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.by_name.values().flatten().map(|declaration| declaration.text.as_str())
    }

    fn declare<T: TS + ?Sized + 'static>(&mut self) {
        let config = config();
        let comment = T::docs().map(|docs| Comment::of_typescript(&docs)).unwrap_or_default();
        let declaration = Declaration { rust: type_name::<T>(), comment, text: T::decl(&config) };
        // All that a generic type is made with give the same text.
        let known = self.by_name.entry(T::ident(&config)).or_default();
        if known.iter().all(|known| known.text != declaration.text) {
            known.push(declaration);
        }
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + ?Sized + 'static>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // Only what would have a file of its own has a name.
        if T::output_path().is_some() {
            self.declare::<T>();
        }
        T::visit_generics(self);
        T::visit_dependencies(self);
    }
}
