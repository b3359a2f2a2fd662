//! Documentation on its way from Rust to TypeScript.

/// The lines of a documentation comment, without what marks it as one.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Comment(Vec<String>);

impl Comment {
    /// From `#[doc]` attributes, each of which is a line or a block of several.
    pub(super) fn of_rust(docs: &[&str]) -> Self {
        Self::of_lines(docs.iter().flat_map(|doc| doc.split('\n')))
    }

    /// From a comment as TypeScript has it: `/** .. */`.
    pub(super) fn of_typescript(text: &str) -> Self {
        let text = text.trim();
        let text = text.strip_prefix("/**").unwrap_or(text);
        let text = text.strip_suffix("*/").unwrap_or(text);
        Self::of_lines(text.split('\n').map(|line| {
            let trimmed = line.trim_start();
            trimmed.strip_prefix('*').unwrap_or(line)
        }))
    }

    fn of_lines<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut lines: Vec<String> = lines
            .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end().replace("*/", r"*\/"))
            .skip_while(String::is_empty)
            .collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        Self(lines)
    }

    /// Adds that what it is about should be used no more, and why.
    pub(super) fn deprecate(&mut self, why: &str) {
        self.0.push(format!("@deprecated {why}").trim_end().replace("*/", r"*\/"));
    }

    /// Appends the comment, a line break behind it. Nothing if there is nothing to say.
    pub(super) fn write(&self, indent: usize, out: &mut String) {
        let indent = " ".repeat(indent);
        match &self.0[..] {
            [] => {}
            [line] => out.push_str(&format!("{indent}/** {} */\n", line.trim_start())),
            lines => {
                out.push_str(&format!("{indent}/**\n"));
                for line in lines {
                    out.push_str(format!("{indent} * {line}").trim_end());
                    out.push('\n');
                }
                out.push_str(&format!("{indent} */\n"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_stays_on_one_line() {
        assert_eq!(written(&Comment::of_rust(&[" Says."])), "  /** Says. */\n");
        assert_eq!(written(&Comment::of_typescript("/**\n * Says.\n */\n")), "  /** Says. */\n");
    }

    #[test]
    fn lines_keep_their_indentation_and_lose_what_surrounds_them() {
        let lines = "  /**\n   * Says.\n   *\n   * - this\n   *   that\n   */\n";
        assert_eq!(written(&Comment::of_rust(&["", " Says.", "", " - this", "   that", ""])), lines);
        assert_eq!(written(&Comment::of_rust(&["\n Says.\n\n - this\n   that\n"])), lines);
        assert_eq!(written(&Comment::of_typescript("/**\n * Says.\n *\n * - this\n *   that\n */\n")), lines);
    }

    #[test]
    fn no_documentation_ends_its_comment() {
        assert_eq!(written(&Comment::of_rust(&[" A */ b"])), "  /** A *\\/ b */\n");
    }

    #[test]
    fn no_documentation_writes_nothing() {
        assert_eq!(written(&Comment::of_rust(&["", " "])), "");
    }

    #[test]
    fn what_is_deprecated_says_why() {
        let mut comment = Comment::default();
        comment.deprecate("use `say`");
        assert_eq!(written(&comment), "  /** @deprecated use `say` */\n");
    }

    fn written(comment: &Comment) -> String {
        let mut out = String::new();
        comment.write(2, &mut out);
        out
    }
}
